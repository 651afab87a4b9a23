package dev.tracetoll.tracing.record;

import dev.tracetoll.golang.Location;
import dev.tracetoll.golang.Part;
import dev.tracetoll.golang.Variable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;

/** A thread that is no more than its registers and what memory was made for it; all other memory cannot be read. */
public final class Memory implements RecordWriter.HitThread {

    public static final int EFAULT = 14;
    /** Behind each piece of memory there is as much that cannot be read, at least. */
    private static final int GAP = 64;

    public final long[] integers = new long[9];
    public final long[] floats = new long[15];
    public long stackArguments = 0x7fff_0000_0000L;
    private final TreeMap<Long, ByteBuffer> pieces = new TreeMap<>();
    private long next = 0xc0_0000_0000L;

    /** A buffer as x86 has its numbers. */
    public static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Puts bytes somewhere; their address. */
    public long place(ByteBuffer bytes) {
        long address = next;
        place(address, bytes);
        next += (bytes.capacity() + GAP + Long.BYTES - 1) & -Long.BYTES;
        return address;
    }

    public void place(long address, ByteBuffer bytes) {
        pieces.put(address, bytes);
    }

    /** Where nothing can be read. */
    public long hole() {
        next += GAP;
        return next - GAP;
    }

    /** What was passed on the stack can be read no longer. */
    public void forgetStack() {
        pieces.tailMap(stackArguments).clear();
    }

    /** Passes an argument where Go does. */
    public void pass(Variable argument, ByteBuffer image) {
        for (Part part : argument.parts()) {
            if (part.location() instanceof Location.StackSlot slot) {
                place(stackArguments + slot.offset(), image);
            } else if (part.location() instanceof Location.IntRegister register) {
                integers[register.index()] = word(integers[register.index()], image, part);
            } else if (part.location() instanceof Location.FloatRegister register) {
                floats[register.index()] = word(floats[register.index()], image, part);
            }
        }
    }

    /** What is in a register above a part of it stays: there can be anything. */
    private static long word(long before, ByteBuffer image, Part part) {
        ByteBuffer word = buffer(Long.BYTES).putLong(0, before);
        word.put(0, image, part.offset(), part.size());
        return word.getLong(0);
    }

    @Override
    public long integerArgument(int index) {
        return integers[index];
    }

    @Override
    public long floatArgument(int index) {
        return floats[index];
    }

    @Override
    public long stackArguments() {
        return stackArguments;
    }

    @Override
    public int read(long address, ByteBuffer into, int at, int size) {
        Map.Entry<Long, ByteBuffer> piece = pieces.floorEntry(address);
        if (piece == null || address + size > piece.getKey() + piece.getValue().capacity()) {
            return -EFAULT;
        }
        into.put(at, piece.getValue(), (int) (address - piece.getKey()), size);
        return 0;
    }
}
