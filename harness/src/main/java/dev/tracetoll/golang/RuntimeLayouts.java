package dev.tracetoll.golang;

import java.util.Optional;

/**
 * Where {@code runtime.g} keeps what a tracer reads, for programs that do not say so themselves.
 *
 * <p>Source: {@code type g struct} and {@code type gobuf struct} in {@code src/runtime/runtime2.go} of each version. Before {@code goid}
 * come {@code stack}, both stack guards, {@code _panic}, {@code _defer}, {@code m}, {@code sched}, and a number of words; Go 1.23 added
 * {@code syscallbp} to them, Go 1.25 took {@code ret} out of {@code sched}.
 */
final class RuntimeLayouts {

    /** The newest Go whose sources this table was read from. */
    static final GoVersion NEWEST_KNOWN = new GoVersion("go1.26", 1, 26);

    /** {@code stack} is the first field, {@code hi} its second word, in every version. */
    private static final int STACK_HI = 8;

    private static final int GOID = 152;
    private static final int GOID_WITH_SYSCALLBP_AND_RET = 160;

    private RuntimeLayouts() {}

    /** The layout for a version; empty if the version is newer than the table. */
    static Optional<GoroutineOffsets> of(GoVersion version) {
        boolean known = version.atLeast(GoVersion.OLDEST) && NEWEST_KNOWN.atLeast(version);
        boolean both = version.minor() == 23 || version.minor() == 24;
        return known
                ? Optional.of(new GoroutineOffsets(both ? GOID_WITH_SYSCALLBP_AND_RET : GOID, STACK_HI))
                : Optional.empty();
    }
}
