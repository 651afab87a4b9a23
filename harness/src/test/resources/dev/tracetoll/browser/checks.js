// What is wrong with a page as it is shown now: an array of {check, what}. The names are those of the enum Check.
(() => {
  'use strict';
  const EXAMPLES = 4; // of each kind; the rest is counted
  const findings = [];

  const short = (text) => {
    const words = (text || '').replace(/\s+/g, ' ').trim();
    return words.length > 60 ? words.slice(0, 57) + '...' : words;
  };
  const place = (element) => {
    const classes = (element.getAttribute('class') || '').trim();
    return '<' + element.tagName.toLowerCase() + (classes ? ' class="' + short(classes) + '"' : '') + '>';
  };
  const report = (check, whats) => {
    const different = [...new Set(whats)];
    if (different.length > 0) {
      const more = different.length - EXAMPLES;
      findings.push({check, what: different.slice(0, EXAMPLES).join('; ') + (more > 0 ? '; and ' + more + ' more' : '')});
    }
  };
  const isShown = (element) => element.checkVisibility({visibilityProperty: true}) && element.getClientRects().length > 0;
  const all = (selector) => [...document.querySelectorAll(selector)];
  const shown = (selector) => all(selector).filter(isShown);
  const printed = matchMedia('print').matches;
  const SMALLEST = printed ? 8 : 9; // CSS pixels; on paper 6 points
  // Charts have thousands of parts.
  const elements = shown('body *:not(svg *)');

  // ---- what is fetched, what is run ----

  const isNear = (address) => ['file:', 'data:', 'about:'].includes(new URL(address, document.baseURI).protocol);
  const fetched = all('[src], link[href], image[href], use[href], object[data]').map((element) =>
    element.getAttribute('src') || element.getAttribute('href') || element.getAttribute('data'));
  report('REQUEST', fetched.filter((address) => address && !isNear(address)).map((address) => 'names ' + short(address)));

  report('SCRIPT', all('script').map((script) => 'has a script: ' + short(script.src || script.textContent)));
  report('SCRIPT', all('*').flatMap((element) => [...element.attributes]
    .filter((attribute) => attribute.name.startsWith('on') || /^\s*javascript:/i.test(attribute.value))
    .map((attribute) => place(element) + ' has ' + attribute.name + '="' + short(attribute.value) + '"')));

  // ---- charts ----

  const words = (ids) => (ids || '').split(/\s+/).map((id) => document.getElementById(id)?.textContent || '').join(' ').trim();
  const child = (element, name) => [...element.children].find((each) => each.tagName.toLowerCase() === name)?.textContent.trim() || '';
  // A figure's picture has its words from the figure.
  const figureOf = (chart) => chart.tagName.toLowerCase() === 'figure' ? chart : chart.closest('figure');
  const nameOf = (chart) => words(chart.getAttribute('aria-labelledby')) || (chart.getAttribute('aria-label') || '').trim()
    || child(chart, 'title') || (chart.getAttribute('alt') || '').trim() || child(chart, 'figcaption');
  const wordsOf = (chart) => words(chart.getAttribute('aria-describedby')) || words(chart.getAttribute('aria-details'))
    || child(chart, 'desc')
    || (figureOf(chart) ? child(figureOf(chart), 'figcaption') || figureOf(chart).querySelector('table')?.textContent.trim() || '' : '');
  const isHidden = (element) => element.closest('[aria-hidden="true"]') !== null;
  const pictures = shown('svg').filter((svg) => !isHidden(svg) && svg.parentElement.closest('svg, [role="img"]') === null);
  report('CHART_NAME', pictures.filter((svg) => svg.getAttribute('role') !== 'img').map((svg) => place(svg) + ' has not role="img"'));
  const charts = shown('svg[role="img"], img, figure').filter((chart) => !isHidden(chart));
  report('CHART_NAME', charts.filter((chart) => nameOf(chart) === '').map((chart) => place(chart) + ' has no name'));
  const drawn = charts.filter((chart) => chart.tagName.toLowerCase() !== 'figure');
  report('CHART_WORDS', drawn.filter((chart) => wordsOf(chart) === '')
    .map((chart) => place(chart) + ' "' + short(nameOf(chart)) + '" does not say what it shows'));
  report('CHART_WORDS', drawn.filter((chart) => wordsOf(chart) !== '' && wordsOf(chart) === nameOf(chart))
    .map((chart) => place(chart) + ' says only its name: ' + short(nameOf(chart))));
  report('CHART_WORDS', drawn.filter((chart, i) => wordsOf(chart) !== '' && drawn.slice(0, i).some((other) => wordsOf(other) === wordsOf(chart)))
    .map((chart) => place(chart) + ' says what another says: ' + short(wordsOf(chart))));

  // ---- width ----

  const scrolls = (element) => ['auto', 'scroll'].includes(getComputedStyle(element).overflowX);
  const hides = (element) => ['hidden', 'clip'].includes(getComputedStyle(element).overflowX);
  const isInScroller = (element) => {
    for (let each = element.parentElement; each && each !== document.body; each = each.parentElement) {
      if (scrolls(each) || hides(each)) return true;
    }
    return false;
  };
  if (document.scrollingElement.scrollWidth > innerWidth) {
    const wide = elements.filter((element) => element.getBoundingClientRect().right > innerWidth + 1 && !isInScroller(element));
    report('OVERFLOW', ['is ' + document.scrollingElement.scrollWidth + ' px wide: '
      + wide.slice(0, EXAMPLES).map((element) => place(element) + ' ' + short(element.textContent)).join(', ')]);
  }
  const overflowing = elements.filter((element) => element.clientWidth > 1 && element.scrollWidth > element.clientWidth + 1);
  report('SCROLLING', overflowing.filter(hides).map((element) => place(element) + ' is cut: ' + short(element.textContent)));
  report('SCROLLING', overflowing.filter(scrolls).filter((element) => printed || element.tabIndex < 0 || !element.hasAttribute('tabindex'))
    .map((element) => place(element) + (printed ? ' would have to be scrolled on paper, by ' + (element.scrollWidth - element.clientWidth) + ' px: '
      : ' scrolls, and has no tabindex: ') + short(element.textContent)));

  // ---- texts of charts ----

  // The corners of a text, turned as it is, less what a font leaves above capitals and below the line.
  const cornersOf = (text) => {
    const box = text.getBBox();
    const matrix = text.getScreenCTM();
    const top = box.y + 0.18 * box.height;
    const bottom = box.y + 0.8 * box.height;
    return [[box.x, top], [box.x + box.width, top], [box.x + box.width, bottom], [box.x, bottom]]
      .map(([x, y]) => ({x: matrix.a * x + matrix.c * y + matrix.e, y: matrix.b * x + matrix.d * y + matrix.f}));
  };
  // By how many pixels two rectangles, turned or not, overlap; negative if a line lies between them.
  const depth = (one, other) => {
    let least = Infinity;
    for (const corners of [one, other]) {
      for (let i = 0; i < 2; i++) {
        const length = Math.hypot(corners[i + 1].x - corners[i].x, corners[i + 1].y - corners[i].y) || 1;
        const axis = {x: (corners[i + 1].x - corners[i].x) / length, y: (corners[i + 1].y - corners[i].y) / length};
        const span = (quad) => quad.map((corner) => corner.x * axis.x + corner.y * axis.y);
        const a = span(one);
        const b = span(other);
        least = Math.min(least, Math.min(Math.max(...a), Math.max(...b)) - Math.max(Math.min(...a), Math.min(...b)));
      }
    }
    return least;
  };
  // Relative luminance and contrast as WCAG 2 defines them.
  const partsOf = (colour) => (colour.match(/[\d.]+/g) || []).map(Number);
  const luminance = (colour) => {
    const [red, green, blue] = partsOf(colour).map((part) => part / 255)
      .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const isSolid = (colour) => /^rgb\(/.test(colour);
  const pageColour = [document.body, document.documentElement].map((each) => getComputedStyle(each).backgroundColor).find(isSolid)
    || 'rgb(255, 255, 255)';
  // What the last shape drawn before a text, and under its middle, is filled with.
  const behind = (shapes, text, x, y) => {
    for (let i = shapes.length - 1; i >= 0; i--) {
      const {shape, box, colour} = shapes[i];
      if (x >= box.left && x <= box.right && y >= box.top && y <= box.bottom
          && shape.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING
          && shape.isPointInFill(new DOMPoint(x, y).matrixTransform(shape.getScreenCTM().inverse()))) return colour;
    }
    return pageColour;
  };
  const faint = [];
  const overlapping = [];
  const cut = [];
  const small = [];
  const smaller = (size, text) => {
    if (size < SMALLEST - 0.05) small.push(size.toFixed(1) + ' px: ' + short(text));
  };
  for (const svg of shown('svg')) {
    const edge = svg.getBoundingClientRect();
    const clips = getComputedStyle(svg).overflow !== 'visible';
    const shapes = [...svg.querySelectorAll('rect, path, polygon')]
      .map((shape) => ({shape, box: shape.getBoundingClientRect(), style: getComputedStyle(shape)}))
      .filter(({box, style}) => isSolid(style.fill) && style.fillOpacity === '1' && style.opacity === '1' && box.width > 8 && box.height > 8)
      .map(({shape, box, style}) => ({shape, box, colour: style.fill}));
    const texts = [...svg.querySelectorAll('text')].filter((text) => text.textContent.trim() !== '' && isShown(text))
      .map((text) => ({words: short(text.textContent), corners: cornersOf(text), text}));
    for (let i = 0; i < texts.length; i++) {
      const {corners, text} = texts[i];
      const matrix = text.getScreenCTM();
      smaller(parseFloat(getComputedStyle(text).fontSize) * Math.sqrt(Math.abs(matrix.a * matrix.d - matrix.b * matrix.c)), texts[i].words);
      const ink = getComputedStyle(text).fill;
      const paper = behind(shapes, text, (corners[0].x + corners[2].x) / 2, (corners[0].y + corners[2].y) / 2);
      if (isSolid(ink) && contrast(ink, paper) < 4.5) {
        faint.push('"' + texts[i].words + '" is ' + ink + ' on ' + paper + ', a contrast of ' + contrast(ink, paper).toFixed(2));
      }
      if (clips && corners.some(({x, y}) => x < edge.left - 1 || x > edge.right + 1 || y < edge.top - 1 || y > edge.bottom + 1)) {
        cut.push('"' + texts[i].words + '" goes beyond its chart');
      }
      for (let j = 0; j < i; j++) {
        const by = depth(texts[j].corners, corners);
        if (by > 1) overlapping.push('"' + texts[j].words + '" and "' + texts[i].words + '" by ' + by.toFixed(0) + ' px');
      }
    }
  }
  report('OVERLAP', overlapping);
  report('CUT', cut);
  report('CONTRAST', faint);
  elements.filter((element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== ''))
    .forEach((element) => smaller(parseFloat(getComputedStyle(element).fontSize), element.textContent));
  report('SMALL', small);

  // ---- light and dark ----

  if (!printed) {
    const backgrounds = [document.body, document.documentElement].map((each) => getComputedStyle(each).backgroundColor)
      .filter((colour) => !/^rgba\(.*, 0\)$/.test(colour));
    // With none of its own, a page has that of its colour scheme.
    const canvas = getComputedStyle(document.documentElement).colorScheme.includes('dark')
      || (document.querySelector('meta[name="color-scheme"]')?.content || '').includes('dark');
    const wanted = matchMedia('(prefers-color-scheme: dark)').matches;
    const parts = (backgrounds[0] || '').match(/[\d.]+/g)?.slice(0, 3).map(Number);
    const dark = parts ? (parts[0] + parts[1] + parts[2]) / 3 < 128 : canvas && wanted;
    if (dark !== wanted) report('SCHEME', ['its background is ' + (backgrounds[0] || 'that of a light page')]);
  }

  return findings;
})()
