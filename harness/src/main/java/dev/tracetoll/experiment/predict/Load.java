package dev.tracetoll.experiment.predict;

/**
 * How busy a program and its machine were.
 *
 * @param programCpus CPUs that the program kept busy, as 1.5
 * @param busyShare share of the machine's CPUs that were busy with anything, 0 to 1
 * @param cpus CPUs of the machine
 */
public record Load(double programCpus, double busyShare, int cpus) {

    /** From here on what is added takes the time of something else. The rest is what a busy machine leaves idle between two requests. */
    private static final double SATURATED = 0.9;

    /** A program that keeps less than this busy for each CPU that it could use waits for something else than a CPU. */
    private static final double BUSY = 0.9;

    /** Whether nothing is left of the machine. */
    public boolean saturated() {
        return busyShare >= SATURATED;
    }

    /** Whether the program is held up by how fast it computes: it keeps a CPU busy, or the machine is. */
    public boolean computing() {
        return saturated() || programCpus >= BUSY;
    }

    /**
     * By how much throughput falls if every second takes so much more CPU time.
     *
     * @param added CPU time of the program's threads, in seconds a second at the present rate
     * @param tracer CPU time of the tracer, the same
     * @return a share, 0 to 1; 0 of a program that waits, which has time for it
     */
    public double loss(double added, double tracer) {
        if (!computing()) {
            return 0;
        }
        // On a full machine the tracer takes time from the program too; else it has a CPU that nobody needs.
        double more = saturated() ? (added + tracer) / (busyShare * cpus) : added / programCpus;
        return 1 - 1 / (1 + more);
    }
}
