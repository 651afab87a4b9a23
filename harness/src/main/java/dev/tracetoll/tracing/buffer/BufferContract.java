package dev.tracetoll.tracing.buffer;

import dev.tracetoll.linux.bpf.BpfImage;
import dev.tracetoll.linux.bpf.BpfTypes;

/** The Java side of {@code bpf/buffers.h}. */
final class BufferContract {

    private static final BpfTypes TYPES = BpfImage.BUFFERS.types();
    private static final BpfTypes.Struct CONFIG = TYPES.struct("tb_config");
    private static final BpfTypes.Struct COUNTERS = TYPES.struct("tb_counters");

    static final int CONFIG_BUFFER = CONFIG.offset("buffer");
    static final int CONFIG_RECORD_BYTES = CONFIG.offset("record_bytes");
    static final int CONFIG_BUFFER_BYTES = CONFIG.offset("buffer_bytes");
    static final int CONFIG_WAKEUP_RECORDS = CONFIG.offset("wakeup_records");
    static final int CONFIG_WAKEUP_BYTES = CONFIG.offset("wakeup_bytes");
    static final int CONFIG_CAUGHT_UP = CONFIG.offset("caught_up");
    static final int CONFIG_ARRIVALS = CONFIG.offset("arrivals");

    static final int COUNTERS_BYTES = COUNTERS.bytes();
    static final int COUNTERS_LOST = COUNTERS.offset("lost");
    static final int COUNTERS_LOSSES = COUNTERS.offset("losses");
    static final int COUNTERS_LONGEST_LOSS = COUNTERS.offset("longest_loss");
    static final int COUNTERS_MOST_UNREAD = COUNTERS.offset("most_unread");

    static final int RECORD_TIMESTAMP_NS = 0;

    private BufferContract() {}
}
