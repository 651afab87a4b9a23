package dev.tracetoll.experiment.tune;

import dev.tracetoll.text.ByteSize;
import java.util.ArrayList;
import java.util.List;

/** A size of a buffer in the words of the tools that people run. */
final class ToolSettings {

    private static final int PAGE = 4 << 10;
    private static final int MIB = 1 << 20;
    /** Presets 1 to 10 are 1 MiB to 512 MiB, each twice the one before. */
    private static final int MOST_OF_FALCO = 10;

    /**
     * What to set.
     *
     * @param tool which tool, with the version whose source or documentation this is from
     * @param setting what to write
     */
    record Line(String tool, String setting) {}

    private ToolSettings() {}

    /**
     * The settings.
     *
     * @param bytes the size that is advised
     * @param cpus that perf buffers are for
     * @param room what a record takes
     */
    static List<Line> of(long bytes, int cpus, int room) {
        List<Line> lines = new ArrayList<>();
        lines.add(new Line(
                "libbpf (1.x)",
                "bpf_map__set_max_entries(map, " + bytes + ") before loading; submit with BPF_RB_NO_WAKEUP and call "
                        + "ring_buffer__consume() by a timer"));
        lines.add(new Line(
                "cilium/ebpf (0.1x)",
                "spec.Maps[\"events\"].MaxEntries = " + bytes + "; submit with BPF_RB_NO_WAKEUP, and read with a "
                        + "deadline or Flush()"));
        long ofCpu = ByteSize.nextPowerOfTwo(Math.max(PAGE, bytes / cpus));
        lines.add(new Line(
                "bpftrace (0.2x)", "BPFTRACE_PERF_RB_PAGES=" + ofCpu / PAGE + " (pages of each CPU; 64 by default)"));
        lines.add(new Line(
                "Tetragon (1.x)",
                "--rb-size " + ofCpu + " (bytes of each CPU; 65 k by default), or --rb-size-total " + bytes));
        int preset = Math.min(
                MOST_OF_FALCO, 1 + Long.numberOfTrailingZeros(ByteSize.nextPowerOfTwo(Math.max(MIB, bytes)) / MIB));
        lines.add(new Line(
                "Falco (0.38)",
                "engine.modern_ebpf.buf_size_preset: " + preset + " (" + ByteSize.inWords((long) MIB << preset - 1)
                        + "; 4 by default, 8 MiB)"));
        lines.add(new Line(
                "Inspektor Gadget (0.3x)",
                "GADGET_TRACER_MAP(events, " + bytes + ") in the gadget's source (its own have 262144)"));
        lines.add(new Line(
                "OpenTelemetry eBPF instrumentation (OBI), Grafana Beyla (2.x)",
                "wakeup_len: " + Math.max(1, bytes / 4 / room)
                        + " records, a quarter of this size (OTEL_EBPF_BPF_WAKEUP_LEN, 500 by default; BEYLA_BPF_WAKEUP_LEN);"
                        + " its ring buffer has 16 MiB and cannot be set"));
        return lines;
    }
}
