package dev.tracetoll.linux.bpf;

/** What producers in the kernel write and one consumer reads; positions count bytes since the beginning. */
public interface Ring {

    /** Receives a record: {@code length} bytes at {@code offset} of {@code data}, valid during the call only. */
    @FunctionalInterface
    interface RecordHandler {
        void accept(java.nio.ByteBuffer data, int offset, int length);
    }

    /** How much it holds. */
    int bytes();

    /** How far producers have reserved. */
    long producerPosition();

    /** How far records have been consumed. */
    long consumerPosition();

    /**
     * Hands over every whole record in order, up to the first that is still being written.
     *
     * @return how many records there were
     */
    int drain(RecordHandler handler);
}
