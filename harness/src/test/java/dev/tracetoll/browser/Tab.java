package dev.tracetoll.browser;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A page in a browser, and what happened while it was there. */
public final class Tab implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final DevTools tools;
    private final String session;
    private final String target;
    private final ConcurrentLinkedQueue<JsonNode> events = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Void> loaded = new CompletableFuture<>();

    Tab(DevTools tools, String session, String target) {
        this.tools = tools;
        this.session = session;
        this.target = target;
        tools.listen(session, this::take);
        Stream.of("Page", "Runtime", "Log", "Network").forEach(domain -> send(domain + ".enable", Map.of()));
    }

    private void take(JsonNode event) {
        events.add(event);
        String method = event.path("method").asText();
        if (method.equals("Page.loadEventFired")) {
            loaded.complete(null);
        } else if (method.equals("Page.javascriptDialogOpening")) {
            // Nothing goes on before somebody answers; a thread of the connection must not wait for that.
            CompletableFuture<JsonNode> answer =
                    tools.begin(session, "Page.handleJavaScriptDialog", Map.of("accept", false));
            answer.exceptionally(ignored -> null);
        }
    }

    private JsonNode send(String method, Map<String, ?> parameters) {
        return tools.send(session, method, parameters);
    }

    /**
     * Loads a page, with all that belongs to it. To be done once.
     *
     * @throws IllegalStateException if that takes longer than a minute, or there is no such page
     */
    public void load(URI page) {
        String error = send("Page.navigate", Map.of("url", page.toString()))
                .path("errorText")
                .asText();
        if (!error.isEmpty()) {
            throw new IllegalStateException("the browser cannot load " + page + ": " + error);
        }
        try {
            loaded.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new IllegalStateException(page + " is not loaded after " + PATIENCE.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + page + " was loaded", e);
        }
    }

    /** The parameters of all events of a kind since the page was opened, oldest first. */
    public List<JsonNode> events(String method) {
        return events.stream()
                .filter(event -> event.path("method").asText().equals(method))
                .map(event -> event.path("params"))
                .toList();
    }

    /** Shows the page on something else, and waits until it is laid out for that. */
    public void show(View view) {
        send(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", view.width(), "height", View.HEIGHT, "deviceScaleFactor", 1, "mobile", false));
        send(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "media",
                        view.printed() ? "print" : "screen",
                        "features",
                        List.of(Map.of("name", "prefers-color-scheme", "value", view.dark() ? "dark" : "light"))));
        String isShown = "innerWidth === " + view.width() + " && matchMedia('"
                + (view.printed() ? "print" : "screen")
                + "').matches && matchMedia('(prefers-color-scheme: dark)').matches === "
                + view.dark();
        evaluate("new Promise((shown, failed) => { const end = performance.now() + 10000; const look = () => " + isShown
                + " ? shown(true) : performance.now() > end ? failed(new Error('" + view
                + " is not shown after 10 s')) : setTimeout(look, 5); look(); })");
    }

    /**
     * What an expression comes to in the page; of a promise, what it is kept with.
     *
     * @throws IllegalStateException if it throws
     */
    public JsonNode evaluate(String expression) {
        JsonNode answer =
                send("Runtime.evaluate", Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
        if (answer.has("exceptionDetails")) {
            throw new IllegalStateException("an expression failed in the page: "
                    + answer.path("exceptionDetails")
                            .path("exception")
                            .path("description")
                            .asText());
        }
        return answer.path("result").path("value");
    }

    /** The page on A4, as PDF. */
    public byte[] pdf() {
        double margin = 1 / 2.54;
        return bytes(send(
                "Page.printToPDF",
                Map.of(
                        "printBackground",
                        true,
                        "preferCSSPageSize",
                        true,
                        "paperWidth",
                        210 / 25.4,
                        "paperHeight",
                        297 / 25.4,
                        "marginTop",
                        margin,
                        "marginBottom",
                        margin,
                        "marginLeft",
                        margin,
                        "marginRight",
                        margin)));
    }

    /** The whole page as PNG, however long it is. */
    public byte[] png() {
        return bytes(send("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true)));
    }

    private static byte[] bytes(JsonNode answer) {
        return Base64.getDecoder().decode(answer.path("data").asText());
    }

    @Override
    public void close() {
        tools.send("", "Target.closeTarget", Map.of("targetId", target));
    }
}
