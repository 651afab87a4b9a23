package dev.tracetoll.bench.prices;

/**
 * What something costs the program that is traced.
 *
 * @param ns by how much later the thread goes on
 * @param cpuNs CPU time of the program, which is less where a thread waits for its tracer
 */
public record Cost(double ns, double cpuNs) {

    static final Cost NOTHING = new Cost(0, 0);

    /** Of what a thread does itself. */
    static Cost ofThread(double ns) {
        return new Cost(ns, ns);
    }

    Cost plus(Cost other) {
        return new Cost(ns + other.ns, cpuNs + other.cpuNs);
    }

    Cost times(double factor) {
        return new Cost(ns * factor, cpuNs * factor);
    }

    /** What it is more than a part of it; nothing where that drowns in noise, so that the whole is no less than the part. */
    Cost over(Cost part) {
        return new Cost(Math.max(0, ns - part.ns), Math.max(0, cpuNs - part.cpuNs));
    }
}
