package dev.tracetoll.tracing.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tracetoll.problem.OperationFailed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Lines of JSON, one for each call and one for each return. */
final class LogLines implements PipeSession.Reading {

    private static final JsonFactory JSON = new JsonFactory();

    private final CallSink sink;
    private long calls;
    private long returns;

    LogLines(CallSink sink) {
        this.sink = sink;
    }

    @Override
    public int take(byte[] data, int from, int to) throws IOException {
        for (int i = from; i < to; i++) {
            if (data[i] == '\n') {
                line(data, from, i - from);
                return i + 1 - from;
            }
        }
        return 0;
    }

    private void line(byte[] data, int from, int length) throws IOException {
        String message = "";
        long number = 0;
        String text = "";
        double fraction = 0;
        try (JsonParser json = JSON.createParser(data, from, length)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "msg" -> message = json.getText();
                    case "n", "result" -> number = json.getLongValue();
                    case "s" -> text = json.getText();
                    case "f" -> fraction = json.getDoubleValue();
                    default -> json.skipChildren();
                }
            }
        }
        switch (message) {
            case "call" -> {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                sink.call(number, bytes, bytes.length, fraction);
                calls++;
            }
            case "return" -> {
                sink.returned(number);
                returns++;
            }
            default ->
                throw new OperationFailed(
                        "the target logs something unknown: " + new String(data, from, length, StandardCharsets.UTF_8));
        }
    }

    @Override
    public long calls() {
        return calls;
    }

    @Override
    public long returns() {
        return returns;
    }
}
