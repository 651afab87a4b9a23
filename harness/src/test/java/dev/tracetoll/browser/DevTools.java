package dev.tracetoll.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A connection to a browser by its DevTools protocol: each command is a JSON object with a number, and so is its answer; what has no number is an
 * event. Commands and events of a page carry the name of the session with it.
 */
final class DevTools {

    /** No command takes longer, unless something is wrong. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final AtomicInteger last = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
    private final Map<String, Consumer<JsonNode>> listeners = new ConcurrentHashMap<>();
    private final WebSocket socket;

    /** @param address where the browser listens, as {@code ws://127.0.0.1:4711/devtools/browser/...} */
    DevTools(URI address) {
        socket = within(
                HttpClient.newHttpClient()
                        .newWebSocketBuilder()
                        .connectTimeout(PATIENCE)
                        .buildAsync(address, new Incoming()),
                "connecting to " + address);
    }

    /** Tells somebody of all events of a session, in a thread of the connection, which must not wait. */
    void listen(String session, Consumer<JsonNode> listener) {
        listeners.put(session, listener);
    }

    /**
     * Sends a command, and waits for its answer.
     *
     * @param session of the page it is for; empty if it is for the browser
     * @throws IllegalStateException if it is refused, or not answered within a minute
     */
    JsonNode send(String session, String method, Map<String, ?> parameters) {
        return within(begin(session, method, parameters), method);
    }

    /** Sends a command. Its answer completes the future. */
    CompletableFuture<JsonNode> begin(String session, String method, Map<String, ?> parameters) {
        int number = last.incrementAndGet();
        ObjectNode command = JSON.createObjectNode();
        command.put("id", number).put("method", method).set("params", JSON.valueToTree(parameters));
        if (!session.isEmpty()) {
            command.put("sessionId", session);
        }
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        waiting.put(number, answer);
        // A message may only be sent once the one before is.
        synchronized (socket) {
            within(socket.sendText(command.toString(), true), "sending " + method);
        }
        return answer;
    }

    /** Ends the connection at once. */
    void abort() {
        socket.abort();
    }

    private static <T> T within(CompletableFuture<T> future, String what) {
        try {
            return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "the browser did not answer within " + PATIENCE.toSeconds() + " s: " + what, e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the browser refused: " + what + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the browser was asked: " + what, e);
        }
    }

    private final class Incoming implements WebSocket.Listener {

        private final StringBuilder message = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean isLast) {
            message.append(part);
            if (isLast) {
                String whole = message.toString();
                message.setLength(0);
                take(whole);
            }
            from.request(1);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
            failAll(new IOException("the browser closed the connection: " + status + " " + reason));
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            failAll(error);
        }

        private void failAll(Throwable error) {
            waiting.values().forEach(answer -> answer.completeExceptionally(error));
        }

        private void take(String text) {
            JsonNode message;
            try {
                message = JSON.readTree(text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            if (!message.has("id")) {
                listeners
                        .getOrDefault(message.path("sessionId").asText(), ignored -> {})
                        .accept(message);
                return;
            }
            CompletableFuture<JsonNode> answer =
                    waiting.remove(message.path("id").asInt());
            if (answer == null) {
                return;
            }
            if (message.has("error")) {
                answer.completeExceptionally(
                        new IOException(message.path("error").path("message").asText()));
            } else {
                answer.complete(message.path("result"));
            }
        }
    }
}
