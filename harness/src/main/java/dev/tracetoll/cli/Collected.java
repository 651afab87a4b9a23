package dev.tracetoll.cli;

import dev.tracetoll.tracing.ebpf.Collect;
import java.util.Locale;

/** What {@code trace} is to find out about calls, the cheapest first. */
enum Collected {
    NOTHING(Collect.NOTHING),
    COUNT(Collect.COUNT),
    DURATIONS(Collect.DURATIONS),
    ARGUMENTS(Collect.EVENTS),
    ALL(Collect.EVENTS);

    private final Collect collect;

    Collected(Collect collect) {
        this.collect = collect;
    }

    /** How the BPF programs do it. */
    Collect how() {
        return collect;
    }

    /** Whether there is an event for each call. */
    boolean events() {
        return collect == Collect.EVENTS;
    }

    /** The same of all calls together instead of each. */
    Collected withoutEvents() {
        return switch (this) {
            case ALL -> DURATIONS;
            case ARGUMENTS -> COUNT;
            default -> this;
        };
    }

    /** Whether there are totals of each function. */
    boolean totals() {
        return this == COUNT || this == DURATIONS;
    }

    /** Whether returns are probed. */
    boolean returns() {
        return this == DURATIONS || this == ALL;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
