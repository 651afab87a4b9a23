package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.linux.bpf.BpfObject;
import dev.tracetoll.tracing.TraceCounts;
import java.nio.ByteBuffer;

/** How many hits were not chosen, where calls are sampled: the programs count them on each CPU by itself. */
final class LeftOut {

    private final int cpus;
    private final ByteBuffer hits;

    /** @param object loaded */
    LeftOut(BpfObject object) {
        cpus = Math.min(object.possibleCpus(), 1 << Contract.CPUS_LOG2);
        hits = object.mapped("left_out", Contract.LEFT_OUT_BYTES, false);
    }

    /** The same counts with what was left out besides. */
    TraceCounts in(TraceCounts counts) {
        return counts.leavingOut(sum(Contract.LEFT_OUT_CALLS), sum(Contract.LEFT_OUT_RETURNS));
    }

    private long sum(int counter) {
        long sum = 0;
        for (int cpu = 0; cpu < cpus; cpu++) {
            sum += hits.getLong((cpu * Contract.LEFT_OUT_COUNTERS + counter) * Long.BYTES);
        }
        return sum;
    }
}
