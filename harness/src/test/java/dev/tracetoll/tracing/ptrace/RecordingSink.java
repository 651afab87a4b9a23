package dev.tracetoll.tracing.ptrace;

import dev.tracetoll.tracing.EventSink;
import dev.tracetoll.tracing.NamedValue;
import dev.tracetoll.tracing.TraceEvent;
import dev.tracetoll.tracing.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Keeps the events. */
final class RecordingSink implements EventSink {

    private final List<TraceEvent> events = new ArrayList<>();

    @Override
    public synchronized void accept(TraceEvent event) {
        events.add(event);
    }

    synchronized <T extends TraceEvent> List<T> of(Class<T> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    List<TraceEvent.Call> calls() {
        return of(TraceEvent.Call.class);
    }

    List<TraceEvent.Return> returns() {
        return of(TraceEvent.Return.class);
    }

    /** Captured values as plain Java ones. */
    static List<Object> plain(List<NamedValue> values) {
        List<Object> plain = new ArrayList<>();
        for (NamedValue value : values) {
            plain.add(plain(value.value()));
        }
        return plain;
    }

    private static Object plain(Value value) {
        if (value instanceof Value.Signed number) {
            return number.value();
        }
        if (value instanceof Value.Float64 number) {
            return number.value();
        }
        if (value instanceof Value.Text text) {
            return new String(text.bytes(), StandardCharsets.UTF_8);
        }
        return value;
    }
}
