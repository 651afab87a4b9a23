package dev.tracetoll.linux.bpf;

import dev.tracetoll.linux.file.MappedMemory;
import dev.tracetoll.linux.file.Polling;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;

/**
 * The consumer's side of a BPF ring buffer, drained by polling: no system call on the way of a record.
 *
 * <p>Layout and protocol: {@code kernel/bpf/ringbuf.c} and {@code Documentation/bpf/ringbuf.rst}. A page with the consumer's position, a
 * page with the producer's, then the data, mapped twice in a row so that no record is broken. One thread drains; any thread may read the
 * positions.
 */
public final class RingBuffer implements Ring, AutoCloseable {

    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    private static final int BUSY = 1 << 31;
    private static final int DISCARD = 1 << 30;
    private static final int HEADER = 8;

    private final int fd;
    private final MappedMemory consumer;
    private final MappedMemory producer;
    private final ByteBuffer consumerPage;
    private final ByteBuffer producerPage;
    private final ByteBuffer data;
    private final int mask;
    /** Producers read the consumer's position at every record: it is not to change under them more often than they need to see. */
    private final int releaseEvery;

    RingBuffer(int fd, int bytes) {
        this.fd = fd;
        int page = MappedMemory.pageSize();
        consumer = MappedMemory.of(fd, 0, page, true);
        try {
            producer = MappedMemory.of(fd, page, page + 2 * bytes, false);
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
        consumerPage = consumer.buffer();
        producerPage = producer.buffer();
        data = producerPage.slice(page, 2 * bytes).order(ByteOrder.nativeOrder());
        mask = bytes - 1;
        releaseEvery = bytes / 16;
    }

    @Override
    public int bytes() {
        return mask + 1;
    }

    @Override
    public long producerPosition() {
        return (long) LONG.getAcquire(producerPage, 0);
    }

    @Override
    public long consumerPosition() {
        return (long) LONG.getAcquire(consumerPage, 0);
    }

    /** Waits until a producer has woken the consumer, or the time is up. */
    public void await(Duration timeout) {
        Polling.awaitReadable(timeout, fd);
    }

    @Override
    public int drain(RecordHandler handler) {
        long consumed = consumerPosition();
        long released = consumed;
        long produced = producerPosition();
        int records = 0;
        while (consumed < produced) {
            int at = (int) consumed & mask;
            int header = (int) INT.getAcquire(data, at);
            if ((header & BUSY) != 0) {
                break;
            }
            int length = header & ~(BUSY | DISCARD);
            if ((header & DISCARD) == 0) {
                handler.accept(data, at + HEADER, length);
                records++;
            }
            consumed += HEADER + (length + HEADER - 1 & -HEADER);
            if (consumed - released >= releaseEvery) {
                LONG.setRelease(consumerPage, 0, consumed);
                released = consumed;
            }
        }
        LONG.setRelease(consumerPage, 0, consumed);
        return records;
    }

    @Override
    public void close() {
        producer.close();
        consumer.close();
    }
}
