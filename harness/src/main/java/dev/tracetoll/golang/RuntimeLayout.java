package dev.tracetoll.golang;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where the Go runtime keeps what a tracer reads.
 *
 * @param goidOffset offset of {@code goid} in {@code runtime.g}, in bytes
 * @param stackHiOffset offset of {@code stack.hi} in {@code runtime.g}, in bytes
 * @param threadGOffset offset from the base of FS of the thread-local variable in which assembly finds the current {@code runtime.g}; empty
 *     if it is not known
 * @param signals how it handles signals; empty if that cannot be seen
 * @param panic where {@code runtime.gopanic}, which every panic goes through, can be probed; empty if it cannot
 * @param goexit where {@code runtime.Goexit} can be probed; empty if it cannot
 * @param internals where it keeps what code within the program can use; empty if debugging information and symbols do not say so
 * @param changes where goroutines can be seen to change; empty if it is not certain that all changes would be seen
 */
public record RuntimeLayout(
        int goidOffset,
        int stackHiOffset,
        OptionalInt threadGOffset,
        Optional<SignalHandling> signals,
        Optional<ProbeSite> panic,
        Optional<ProbeSite> goexit,
        Optional<RuntimeInternals> internals,
        Optional<GoroutineChanges> changes) {}
