/** Keeps what tracing costs a living program within a budget: takes probes off, the dearest first, as soon as it is passed. */
package dev.tracetoll.tracing.guard;
