package dev.tracetoll.linux.bpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/**
 * Runs assembled BPF programs on memory that is made for them, by what {@code Documentation/bpf/standardization/instruction-set.rst} says of each
 * instruction; all that a program may not do ends it with an exception. Helpers do what their comments in {@code <linux/bpf.h>} say.
 */
public final class BpfMachine {

    /** The memory of the process that is probed. */
    public interface UserMemory {
        /** Copies memory; not 0 if not all of it can be read. */
        int read(long address, ByteBuffer into, int at, int size);
    }

    /** What a program gave the kernel's ring buffer. */
    public record Output(int map, byte[] data, long flags) {}

    private static final int REGISTERS = 11;
    private static final int STACK_BYTES = 512;
    private static final long STACK = 0x7000_0000L;
    private static final long CONTEXT = 0x7100_0000L;
    private static final long MAPS = 0x8000_0000L;
    private static final long MAP_SPACING = 0x1000_0000L;
    private static final int EFAULT = 14;
    private static final int MOST_STEPS = 100_000;

    private final TreeMap<Long, ByteBuffer> memory = new TreeMap<>();
    private final UserMemory user;
    private final Map<Integer, Integer> programs = new HashMap<>();
    /** From {@code <errno.h>}. */
    private static final int EAGAIN = 11;

    private final List<Output> outputs = new ArrayList<>();
    /** So many records find room in the kernel's ring buffer. */
    public int mostOutputs = Integer.MAX_VALUE;

    private final List<Long> helpersCalled = new ArrayList<>();
    private final long[] registers = new long[REGISTERS];
    private final boolean[] known = new boolean[REGISTERS];
    private final ByteBuffer stack = ByteBuffer.allocate(STACK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private boolean tailCalled;
    private Runnable beforeExchange = () -> {};
    private LongConsumer beforeLoad = address -> {};

    public long timeNs;
    public long pidAndThread;
    public long cookie;
    public int cpu;
    /** The number of bpf_rdonly_cast. */
    public int castFunction = -1;

    public BpfMachine(UserMemory user) {
        this.user = user;
    }

    /** The only element of an array map, by its descriptor. */
    public ByteBuffer map(int map, int bytes) {
        return at(MAPS + map * MAP_SPACING, bytes);
    }

    /** Memory of the kernel. */
    public ByteBuffer at(long address, int bytes) {
        ByteBuffer made = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
        memory.put(address, made);
        return made;
    }

    /** A map of programs that has one at 0. */
    public void program(int map) {
        programs.put(map, 0);
    }

    public void noProgram(int map) {
        programs.remove(map);
    }

    /** What others do just before each compare-and-exchange. */
    public void beforeExchange(Runnable what) {
        beforeExchange = what;
    }

    /** What others do just before each load of what is at an offset of an array map's only element. */
    public void beforeLoad(int map, int offset, Runnable what) {
        long loaded = MAPS + map * MAP_SPACING + offset;
        beforeLoad = address -> {
            if (address == loaded) {
                what.run();
            }
        };
    }

    public boolean tailCalled() {
        return tailCalled;
    }

    public List<Output> outputs() {
        return outputs;
    }

    /** The numbers of the helpers that the latest program has called. */
    public List<Long> helpersCalled() {
        return helpersCalled;
    }

    /**
     * Runs a program.
     *
     * @param garbage what is on its stack before
     * @return what is in R0 at the end
     */
    public long run(byte[] code, ByteBuffer context, byte[] garbage) {
        memory.put(CONTEXT, context);
        memory.put(STACK, stack);
        for (int i = 0; i < STACK_BYTES; i++) {
            stack.put(i, garbage[i % garbage.length]);
        }
        Arrays.fill(known, false);
        set(1, CONTEXT);
        set(10, STACK + STACK_BYTES);
        tailCalled = false;
        helpersCalled.clear();
        ByteBuffer program = ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN);
        int at = 0;
        for (int step = 0; step < MOST_STEPS; step++) {
            int opcode = program.get(at * 8) & 0xff;
            int to = program.get(at * 8 + 1) & 0xf;
            int from = program.get(at * 8 + 1) >> 4 & 0xf;
            int offset = program.getShort(at * 8 + 2);
            int immediate = program.getInt(at * 8 + 4);
            at++;
            if (opcode == 0x95) {
                return get(0);
            }
            switch (opcode & 7) {
                case 0 -> {
                    require(opcode == 0x18, opcode);
                    long high = program.getInt(at * 8 + 4);
                    at++;
                    set(
                            to,
                            switch (from) {
                                case 0 -> immediate & 0xffffffffL | high << 32;
                                case 1 -> immediate;
                                case 2 -> MAPS + immediate * MAP_SPACING + high;
                                default -> throw new IllegalStateException("source " + from);
                            });
                }
                case 1 -> set(to, load(opcode, get(from) + offset));
                case 2 -> store(opcode, get(to) + offset, immediate);
                case 3 -> {
                    if ((opcode & 0xe0) == 0xc0) {
                        atomic(opcode, get(to) + offset, from, immediate);
                    } else {
                        store(opcode, get(to) + offset, get(from));
                    }
                }
                case 5 -> {
                    if (opcode == 0x85) {
                        call(from, immediate);
                        if (tailCalled) {
                            return 0;
                        }
                    } else if (jumps(opcode, to, from, immediate)) {
                        at += offset;
                    }
                }
                case 7 -> set(to, calculate(opcode, to, (opcode & 8) != 0 ? get(from) : immediate));
                default -> throw new IllegalStateException("opcode 0x" + Integer.toHexString(opcode));
            }
        }
        throw new IllegalStateException("the program does not end");
    }

    private static void require(boolean holds, int opcode) {
        if (!holds) {
            throw new IllegalStateException("opcode 0x" + Integer.toHexString(opcode));
        }
    }

    private long get(int register) {
        if (!known[register]) {
            throw new IllegalStateException("R" + register + " is not set");
        }
        return registers[register];
    }

    private void set(int register, long value) {
        registers[register] = value;
        known[register] = true;
    }

    private ByteBuffer region(long address) {
        Map.Entry<Long, ByteBuffer> region = memory.floorEntry(address);
        if (region == null) {
            throw new IndexOutOfBoundsException("no memory at 0x" + Long.toHexString(address));
        }
        return region.getValue();
    }

    private int offset(long address) {
        return Math.toIntExact(address - memory.floorKey(address));
    }

    private long load(int opcode, long address) {
        require((opcode & 0xe0) == 0x60, opcode);
        ByteBuffer region = region(address);
        int at = offset(address);
        beforeLoad.accept(address);
        return switch (opcode & 0x18) {
            case 0x00 -> region.getInt(at) & 0xffffffffL;
            case 0x08 -> region.getShort(at) & 0xffffL;
            case 0x10 -> region.get(at) & 0xffL;
            default -> region.getLong(at);
        };
    }

    private void store(int opcode, long address, long value) {
        require((opcode & 0xe0) == 0x60, opcode);
        ByteBuffer region = region(address);
        int at = offset(address);
        switch (opcode & 0x18) {
            case 0x00 -> region.putInt(at, (int) value);
            case 0x08 -> region.putShort(at, (short) value);
            case 0x10 -> region.put(at, (byte) value);
            default -> region.putLong(at, value);
        }
    }

    private void atomic(int opcode, long address, int from, int immediate) {
        require(opcode == 0xdb, opcode);
        ByteBuffer region = region(address);
        int at = offset(address);
        if (immediate == 0xf1) {
            beforeExchange.run();
            long before = region.getLong(at);
            if (before == get(0)) {
                region.putLong(at, get(from));
            }
            set(0, before);
        } else {
            require(immediate == 0 || immediate == 1, immediate);
            long before = region.getLong(at);
            region.putLong(at, before + get(from));
            if (immediate == 1) {
                set(from, before);
            }
        }
    }

    private long calculate(int opcode, int to, long value) {
        return switch (opcode & 0xf0) {
            case 0x00 -> get(to) + value;
            case 0x10 -> get(to) - value;
            case 0x20 -> get(to) * value;
            case 0x40 -> get(to) | value;
            case 0x50 -> get(to) & value;
            case 0x60 -> get(to) << (value & 63);
            case 0x70 -> get(to) >>> (value & 63);
            case 0x90 -> Long.remainderUnsigned(get(to), value);
            case 0xb0 -> value;
            default -> throw new IllegalStateException("opcode 0x" + Integer.toHexString(opcode));
        };
    }

    private boolean jumps(int opcode, int to, int from, int immediate) {
        if (opcode == 0x05) {
            return true;
        }
        long left = get(to);
        long right = (opcode & 8) != 0 ? get(from) : immediate;
        return switch (opcode & 0xf0) {
            case 0x10 -> left == right;
            case 0x20 -> Long.compareUnsigned(left, right) > 0;
            case 0x50 -> left != right;
            case 0x60 -> left > right;
            case 0xa0 -> Long.compareUnsigned(left, right) < 0;
            case 0xb0 -> Long.compareUnsigned(left, right) <= 0;
            case 0xd0 -> left <= right;
            default -> throw new IllegalStateException("opcode 0x" + Integer.toHexString(opcode));
        };
    }

    private void call(int source, int function) {
        long result;
        if (source == 2 && function == castFunction) {
            result = get(1);
        } else {
            require(source == 0, source);
            helpersCalled.add((long) function);
            result = switch (function) {
                case 1 -> element((int) get(1), region(get(2)).getInt(offset(get(2))));
                case 5 -> timeNs;
                case 8 -> cpu;
                case 12 -> {
                    tailCalled = get(1) == CONTEXT && get(3) == 0 && programs.containsKey((int) get(2));
                    yield -1;
                }
                case 14 -> pidAndThread;
                case 112 -> readUser(get(1), (int) get(2), get(3));
                case 114 -> readString(get(1), (int) get(2), get(3));
                case 130 -> {
                    byte[] data = new byte[(int) get(3)];
                    region(get(2)).get(offset(get(2)), data);
                    if (outputs.size() >= mostOutputs) {
                        yield -EAGAIN;
                    }
                    outputs.add(new Output((int) get(1), data, get(4)));
                    yield 0;
                }
                case 174 -> {
                    require(get(1) == CONTEXT, function);
                    yield cookie;
                }
                default -> throw new IllegalStateException("helper " + function);
            };
        }
        for (int gone = 1; gone <= 5; gone++) {
            known[gone] = false;
        }
        set(0, result);
    }

    /** The address of an element of a map of words; 0 if there are not so many. */
    private long element(int map, int key) {
        long address = MAPS + map * MAP_SPACING;
        return (key + 1L) * Long.BYTES <= region(address).capacity() ? address + (long) key * Long.BYTES : 0;
    }

    /** What cannot be read whole is as if it was zeros. */
    private long readUser(long to, int size, long from) {
        int error = user.read(from, region(to), offset(to), size);
        if (error != 0) {
            region(to).put(offset(to), new byte[size]);
        }
        return error;
    }

    private long readString(long to, int size, long from) {
        ByteBuffer into = region(to);
        int at = offset(to);
        for (int i = 0; i < size; i++) {
            if (user.read(from + i, into, at + i, 1) != 0) {
                into.put(at, new byte[size]);
                return -EFAULT;
            }
            if (into.get(at + i) == 0) {
                return i + 1L;
            }
        }
        into.put(at + size - 1, (byte) 0);
        return size;
    }
}
