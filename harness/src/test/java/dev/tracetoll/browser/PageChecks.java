package dev.tracetoll.browser;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tracetoll.faults.Tries;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks at a page on all screens and on paper, in one tab of a browser, and says what is wrong with it. */
public final class PageChecks {

    private static final String CHECKS = resource(PageChecks.class, "checks.js");
    private static final String AXE = axe();

    /** Light and dark, narrow and wide, for what takes long to find out. */
    private static final Set<Integer> AXE_WIDTHS = Set.of(360, 1280);

    /** The last cell of the first and last line of each table. */
    private static final String LAST_COLUMNS =
            "[...document.querySelectorAll('table')].filter(table => table.checkVisibility())"
                    + ".flatMap(table => [table.rows[0], table.rows[table.rows.length - 1]])"
                    + ".map(row => row?.cells[row.cells.length - 1]?.innerText || '')";

    /** Nobody is read the thousands of parts of a picture; axe-core would look at each. */
    private static final String EMPTY_CHARTS =
            "document.querySelectorAll('svg[role=img] > :not(title):not(desc)')" + ".forEach(part => part.remove())";

    private static final String AXE_RUN =
            "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa'], resultTypes: ['violations']})"
                    + ".then(found => found.violations.map(rule => rule.id + ': ' + rule.help + ': '"
                    + " + [...new Set(rule.nodes.map(node => node.target.join(' ')))].slice(0, 3).join(', ')"
                    + " + ' (' + rule.nodes.length + '): ' + [...rule.nodes[0].any, ...rule.nodes[0].all, ...rule.nodes[0].none]"
                    + ".map(each => each.message).join(', ')))";

    /** CSS pixels of a page of A4 with margins of 1 cm. */
    private static final int PAPER_HEIGHT = 1_047;

    private final Browser browser;
    private final List<View> screens;
    private final Map<Check, Map<String, List<View>>> found = new LinkedHashMap<>();

    private PageChecks(Browser browser, List<View> screens) {
        this.browser = browser;
        this.screens = screens;
    }

    /**
     * What is wrong with a page.
     *
     * @return in no particular order; empty if all is well
     */
    public static List<Finding> of(Browser browser, URI page) {
        return of(browser, page, View.SCREENS);
    }

    /** The same, where the page is one of many of a kind: on half of the views, unless everything is to be tried. */
    public static List<Finding> ofOneOfMany(Browser browser, URI page) {
        return of(browser, page, Tries.full() ? View.SCREENS : View.HALF_OF_THE_SCREENS);
    }

    /** What is wrong with a page on some screens, or on paper. */
    static List<Finding> of(Browser browser, URI page, List<View> screens) {
        PageChecks checks = new PageChecks(browser, screens);
        try (Tab tab = browser.open()) {
            tab.show(screens.get(0));
            tab.load(page);
            checks.look(tab);
        }
        return checks.found.entrySet().stream()
                .flatMap(check -> check.getValue().entrySet().stream()
                        .map(what -> new Finding(check.getKey(), what.getKey(), what.getValue())))
                .toList();
    }

    private void look(Tab tab) {
        for (View view : screens) {
            tab.show(view);
            inPage(tab, view);
        }
        paper(tab);
        // Last of what the page does, as the script is not its own.
        happened(tab);
        tab.evaluate(EMPTY_CHARTS);
        tab.evaluate(AXE + ";0");
        screens.stream().filter(view -> AXE_WIDTHS.contains(view.width())).forEach(view -> {
            tab.show(view);
            tab.evaluate(AXE_RUN).forEach(rule -> add(Check.ACCESSIBILITY, rule.asText(), view));
        });
    }

    private void add(Check check, String what, View view) {
        found.computeIfAbsent(check, any -> new LinkedHashMap<>())
                .computeIfAbsent(what, any -> new ArrayList<>())
                .add(view);
    }

    private void inPage(Tab tab, View view) {
        tab.evaluate(CHECKS)
                .forEach(finding -> add(
                        Check.valueOf(finding.path("check").asText()),
                        finding.path("what").asText(),
                        view));
    }

    private void happened(Tab tab) {
        View any = screens.get(0);
        tab.events("Network.requestWillBeSent").stream()
                .map(event -> event.path("request").path("url").asText())
                .filter(url -> !url.startsWith("file:") && !url.startsWith("data:"))
                .forEach(url -> add(Check.REQUEST, "asks for " + url, any));
        Map<String, String> asked = tab.events("Network.requestWillBeSent").stream()
                .collect(Collectors.toMap(
                        event -> event.path("requestId").asText(),
                        event -> event.path("request").path("url").asText(),
                        (first, second) -> second));
        tab.events("Network.loadingFailed")
                .forEach(event -> add(
                        Check.REQUEST,
                        "does not get " + asked.get(event.path("requestId").asText()) + ": "
                                + event.path("errorText").asText(),
                        any));
        tab.events("Log.entryAdded").stream()
                .map(event -> event.path("entry"))
                .filter(entry ->
                        Set.of("error", "warning").contains(entry.path("level").asText()))
                .forEach(entry -> add(
                        Check.CONSOLE,
                        entry.path("text").asText() + " " + entry.path("url").asText(),
                        any));
        tab.events("Runtime.consoleAPICalled")
                .forEach(
                        event -> add(Check.CONSOLE, "says " + event.path("args").toString(), any));
        tab.events("Runtime.exceptionThrown")
                .forEach(event ->
                        add(Check.CONSOLE, event.path("exceptionDetails").toString(), any));
        tab.events("Page.javascriptDialogOpening")
                .forEach(event -> add(
                        Check.SCRIPT, "opens a dialog: " + event.path("message").asText(), any));
    }

    private void paper(Tab tab) {
        tab.show(View.PAPER);
        inPage(tab, View.PAPER);
        int height = tab.evaluate("document.scrollingElement.scrollHeight").asInt();
        Set<String> columns = new TreeSet<>();
        for (JsonNode cell : tab.evaluate(LAST_COLUMNS)) {
            columns.addAll(words(cell.asText()));
        }
        List<String> pages = browser.pages(tab.pdf());
        int expected = (height + PAPER_HEIGHT - 1) / PAPER_HEIGHT;
        // What is not parted begins on the next page.
        if (pages.size() > 2 * expected + 1) {
            add(Check.PAPER, "has " + pages.size() + " pages, and would fit on " + expected, View.PAPER);
        }
        for (int i = 0; i < pages.size(); i++) {
            if (pages.get(i).isBlank()) {
                add(Check.PAPER, "page " + (i + 1) + " of " + pages.size() + " has no text", View.PAPER);
            }
        }
        Set<String> printed =
                pages.stream().flatMap(page -> words(page).stream()).collect(Collectors.toSet());
        String missing = columns.stream()
                .filter(word -> !printed.contains(word))
                .limit(10)
                .collect(Collectors.joining(" "));
        if (!missing.isEmpty()) {
            add(Check.PAPER_COLUMN, "of last columns, these words are not on paper: " + missing, View.PAPER);
        }
    }

    /** Of letters and digits only: PDF has no other sign for sure, and joins some. Words that are long are broken anywhere. */
    private static List<String> words(String text) {
        return Stream.of(text.split("[^\\p{IsLatin}\\p{IsDigit}]+"))
                .filter(word -> word.length() > 1 && word.length() < 30)
                .toList();
    }

    /** As it comes in the JAR of its version. */
    private static String axe() {
        String version = resource(PageChecks.class, "/META-INF/maven/org.webjars.npm/axe-core/pom.properties")
                .lines()
                .filter(line -> line.startsWith("version="))
                .map(line -> line.substring("version=".length()).strip())
                .findFirst()
                .orElseThrow();
        return resource(PageChecks.class, "/META-INF/resources/webjars/axe-core/" + version + "/axe.min.js");
    }

    private static String resource(Class<?> beside, String name) {
        try (InputStream in = beside.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
