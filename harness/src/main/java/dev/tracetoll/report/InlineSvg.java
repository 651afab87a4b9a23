package dev.tracetoll.report;

import static dev.tracetoll.text.Rendering.HTML;

import java.awt.Color;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Charts as elements of a page that has several: their colours are the page's, light or dark, the names in each are its own, and each says in words
 * what it shows. For one page: make a new one for the next.
 */
public final class InlineSvg {

    private static final Pattern LONG_DECIMAL = Pattern.compile("(\\d\\.\\d{2})\\d+");
    private static final Pattern TAG = Pattern.compile("<[^>]*>");
    private static final Pattern STYLE = Pattern.compile(" style=\"([^\"]*)\"");

    private final Map<String, String> colours = new LinkedHashMap<>();
    private final Map<String, String> classes = new LinkedHashMap<>();

    public InlineSvg() {
        Palette.LIGHT.all().forEach((name, colour) -> colours.put(rgb(colour), "var(--" + name + ")"));
    }

    /**
     * A chart as an element.
     *
     * @param width in units of length of a {@link Picture}
     * @param prefix of all names in it, different for every element of the page
     */
    public String of(Graphic graphic, int width, String prefix) {
        String svg = graphic.drawing().picture(Palette.LIGHT, width).svg();
        svg = svg.substring(svg.indexOf("<svg"));
        // Within tags only: what is written stays as it is.
        svg = TAG.matcher(svg).replaceAll(tag -> Matcher.quoteReplacement(told(tag.group(), prefix)));
        String title = "<title id=\"" + prefix + "title\">" + HTML.escape(graphic.title()) + "</title><desc id=\""
                + prefix + "desc\">" + HTML.escape(graphic.alternative()) + "</desc>";
        return svg.replaceFirst(
                        "<svg ([^>]*)>",
                        Matcher.quoteReplacement("<svg role=\"img\" aria-labelledby=\"" + prefix
                                        + "title\" aria-describedby=\"" + prefix + "desc\" ")
                                + "$1>" + Matcher.quoteReplacement(title))
                .replaceAll(">\\s+<", "><")
                .strip();
    }

    private String told(String tag, String prefix) {
        String own = LONG_DECIMAL.matcher(tag).replaceAll("$1");
        for (Map.Entry<String, String> colour : colours.entrySet()) {
            own = own.replace(colour.getKey(), colour.getValue());
        }
        return styled(own).replace(" id=\"", " id=\"" + prefix).replace("url(#", "url(#" + prefix);
    }

    /** The same few styles stand at hundreds of dots: each becomes a class. */
    private String styled(String svg) {
        return STYLE.matcher(svg)
                .replaceAll(found -> Matcher.quoteReplacement(" class=\""
                        + classes.computeIfAbsent(
                                found.group(1), any -> "s" + Integer.toString(classes.size(), Character.MAX_RADIX))
                        + "\""));
    }

    /** The style sheet of every page of ours, with the rules that the elements made so far need. */
    public String style() {
        return Template.filled(
                InlineSvg.class,
                "style.css",
                Map.of(
                        "lightChart", declarations(Palette.LIGHT),
                        "darkChart", declarations(Palette.DARK),
                        "pictureRules", rules()));
    }

    private String rules() {
        StringBuilder rules = new StringBuilder();
        classes.forEach((style, name) ->
                rules.append('.').append(name).append(" { ").append(style).append(" }\n"));
        return rules.toString();
    }

    /** The page's colours for its charts. */
    private static String declarations(Palette palette) {
        StringBuilder declarations = new StringBuilder();
        palette.all()
                .forEach((name, colour) -> declarations.append(
                        String.format(Locale.ROOT, " --%s: #%06x;", name, colour.getRGB() & 0xffffff)));
        return declarations.toString();
    }

    private static String rgb(Color colour) {
        return "rgb(" + colour.getRed() + "," + colour.getGreen() + "," + colour.getBlue() + ")";
    }
}
