package dev.tracetoll.linux;

/** What producers in the kernel write and one consumer reads, in one part or several; positions count bytes since the beginning. */
public interface Ring {

    /** Receives a record: {@code length} bytes at {@code offset} of {@code data}, valid during the call only. */
    @FunctionalInterface
    interface RecordHandler {
        void accept(java.nio.ByteBuffer data, int offset, int length);
    }

    /** How much each part holds. */
    int bytes();

    /** How far producers have reserved each part. */
    long[] producerPositions();

    /** How far records have been consumed of each part. */
    long[] consumerPositions();

    /**
     * Hands over every whole record in order, up to the first that is still being written.
     *
     * @return how many records there were
     */
    int drain(RecordHandler handler);
}
