package dev.tracetoll.tracing.inline;

/** What the code that jumps lead to does with a hit. */
enum Collect {
    /** Nothing at all: the floor of what a jump can cost. Calls are not even counted. */
    NOTHING,
    /** Count calls, without an event. */
    COUNT,
    /** Measure how long calls take, and count the durations, without an event. */
    DURATIONS,
    /** Write a record for each hit, with arguments or results. */
    EVENTS
}
