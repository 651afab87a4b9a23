package dev.tracetoll.linux.kernel;

import dev.tracetoll.problem.MachineCannot;

/**
 * Whether this machine, with this process's privileges, can do one thing.
 *
 * @param name what it is, for example {@code ring buffer}
 * @param available whether it works here
 * @param detail what was tried and seen; where it is not available, the reason
 * @param remedy what would make it available; empty where it is
 */
public record Feature(String name, boolean available, String detail, String remedy) {

    /** A feature that was tried and works. */
    public static Feature works(String name, String detail) {
        return new Feature(name, true, detail, "");
    }

    /** A feature that was tried and does not work. */
    public static Feature fails(String name, String reason, String remedy) {
        return new Feature(name, false, reason, remedy);
    }

    /** A feature that this kernel is too old for. */
    public static Feature needsKernel(String name, KernelVersion minimum, KernelVersion actual) {
        return fails(
                name,
                name + " not supported (requires Linux >= " + minimum + "; this is " + actual + ")",
                "boot a newer kernel");
    }

    /**
     * Refuses to go on without the feature.
     *
     * @throws MachineCannot with the reason and the remedy, if the feature is not available
     */
    public void require() {
        if (!available) {
            throw new MachineCannot(name, detail, remedy);
        }
    }
}
