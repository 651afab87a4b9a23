package dev.tracetoll.results;

/**
 * How busy the machine was at one moment.
 *
 * @param loadAverage runnable tasks, averaged over the last minute
 * @param stealNs time since boot, over all CPUs, in which the hypervisor ran something else, in ns
 * @param cpuNs time since boot, over all CPUs, in ns, idle time included
 */
public record LoadSample(double loadAverage, long stealNs, long cpuNs) {

    public LoadSample {
        if (!(loadAverage >= 0) || Double.isInfinite(loadAverage)) {
            throw new IllegalArgumentException("field \"loadAverage\" is no load: " + loadAverage);
        }
        Required.notNegative(stealNs, "stealNs");
        Required.notNegative(cpuNs, "cpuNs");
    }

    /** The share of the CPUs' time that the hypervisor took between an earlier sample and this one, from 0 to 1. */
    public double stealShareSince(LoadSample earlier) {
        long elapsedNs = cpuNs - earlier.cpuNs;
        return elapsedNs <= 0 ? 0 : Math.max(0, (double) (stealNs - earlier.stealNs) / elapsedNs);
    }
}
