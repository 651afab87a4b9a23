package dev.tracetoll.environment;

import dev.tracetoll.schema.Required;

/**
 * How busy the machine was at one moment.
 *
 * @param loadAverage runnable tasks, averaged over the last minute
 * @param stealNs time since boot, over all CPUs, in which the hypervisor ran something else, in ns
 * @param cpuNs time since boot, over all CPUs, in ns, idle time included
 * @param busyNs time since boot that programs and the kernel on their behalf used, over all CPUs, in ns
 * @param ownNs how much of that was used by the measuring process and by those of its children that have ended, with theirs, in ns
 * @param throttled how often a core or a package has been throttled since boot because it was too hot; 0 where the machine does not
 *        tell
 */
public record LoadSample(double loadAverage, long stealNs, long cpuNs, long busyNs, long ownNs, long throttled) {

    public LoadSample {
        if (!(loadAverage >= 0) || Double.isInfinite(loadAverage)) {
            throw new IllegalArgumentException("field \"loadAverage\" is no load: " + loadAverage);
        }
        Required.notNegative(stealNs, "stealNs");
        Required.notNegative(cpuNs, "cpuNs");
        Required.notNegative(busyNs, "busyNs");
        Required.notNegative(ownNs, "ownNs");
        Required.notNegative(throttled, "throttled");
    }

    /** The share of the CPUs' time that the hypervisor took between an earlier sample and this one, from 0 to 1. */
    public double stealShareSince(LoadSample earlier) {
        return share(stealNs - earlier.stealNs, earlier);
    }

    /** The share of the CPUs' time that neither the run nor its targets used between an earlier sample and this one, idle time apart. */
    public double othersShareSince(LoadSample earlier) {
        return share(busyNs - earlier.busyNs - (ownNs - earlier.ownNs), earlier);
    }

    private double share(long ns, LoadSample earlier) {
        long elapsedNs = cpuNs - earlier.cpuNs;
        return elapsedNs <= 0 ? 0 : Math.max(0, (double) ns / elapsedNs);
    }
}
