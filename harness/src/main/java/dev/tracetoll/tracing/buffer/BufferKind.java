package dev.tracetoll.tracing.buffer;

/** A kind of buffer that BPF programs can leave records in. */
public enum BufferKind {
    /** None: there are no records, so that it shows what being probed costs in itself. */
    NONE(0, "no buffer"),
    /** Tracetoll's own: a map that programs and reader have both mapped. */
    RING(1, "own ring"),
    /** The kernel's {@code BPF_MAP_TYPE_RINGBUF}. */
    RINGBUF(2, "BPF ring buffer"),
    /** {@code BPF_MAP_TYPE_PERF_EVENT_ARRAY}: a buffer for each CPU. */
    PERF(3, "perf buffers");

    /** As enum tb_buffer of {@code bpf/buffers.h} has it. */
    private final int number;

    private final String words;

    BufferKind(int number, String words) {
        this.number = number;
        this.words = words;
    }

    int number() {
        return number;
    }

    /** What people call it. */
    public String words() {
        return words;
    }
}
