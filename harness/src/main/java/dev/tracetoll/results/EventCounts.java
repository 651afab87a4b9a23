package dev.tracetoll.results;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.tracetoll.schema.Required;

/**
 * Events of one kind, calls or returns, over all bursts of an arm, warm-up included.
 *
 * @param expected events that the target caused by its own count; 0 where nothing is traced
 * @param seen events that reached the consumer
 * @param lost events that the tracer itself counted as lost
 */
public record EventCounts(long expected, long seen, long lost) {

    /** Nothing traced, nothing seen. */
    public static final EventCounts NONE = new EventCounts(0, 0, 0);

    public EventCounts {
        Required.notNegative(expected, "expected");
        Required.notNegative(seen, "seen");
        Required.notNegative(lost, "lost");
    }

    /** Whether every expected event is accounted for, and none came from nowhere. */
    @JsonIgnore
    public boolean addsUp() {
        return expected == seen + lost;
    }

    /** Events seen that never happened. */
    @JsonIgnore
    public long wrong() {
        return Math.max(0, seen + lost - expected);
    }

    /** Both kinds together. */
    public EventCounts plus(EventCounts other) {
        return new EventCounts(expected + other.expected, seen + other.seen, lost + other.lost);
    }
}
