package dev.tracetoll.linux.bpf;

import dev.tracetoll.linux.file.MappedMemory;
import dev.tracetoll.linux.kernel.Capability;
import dev.tracetoll.linux.kernel.Errno;
import dev.tracetoll.linux.kernel.Feature;
import dev.tracetoll.linux.libc.NativeLibrary;
import dev.tracetoll.problem.MachineCannot;
import dev.tracetoll.problem.OperationFailed;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalInt;
import java.util.function.Consumer;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.types.size_t;
import org.jspecify.annotations.Nullable;

/**
 * A BPF object file: its programs and maps, loaded by libbpf. Everything is gone from the kernel once it is closed.
 *
 * <p>Not thread-safe.
 */
public final class BpfObject implements AutoCloseable {

    /** libbpf 1.1, functions as in {@code <bpf/libbpf.h>} and {@code <bpf/bpf.h>}. */
    public interface Calls {
        Pointer libbpf_set_print(@Nullable Pointer function);

        Pointer bpf_object__open_mem(Pointer image, @size_t long size, Pointer options);

        int bpf_object__load(Pointer object);

        void bpf_object__close(Pointer object);

        Pointer bpf_object__find_map_by_name(Pointer object, String name);

        Pointer bpf_object__find_program_by_name(Pointer object, String name);

        int bpf_map__fd(Pointer map);

        int bpf_map__key_size(Pointer map);

        int bpf_map__value_size(Pointer map);

        int bpf_map__set_max_entries(Pointer map, int entries);

        int bpf_map__set_value_size(Pointer map, int bytes);

        Pointer bpf_map__initial_value(Pointer map, Pointer size);

        int bpf_map_update_elem(int map, Pointer key, Pointer value, long flags);

        int bpf_map_update_batch(int map, Pointer keys, Pointer values, Pointer count, @Nullable Pointer options);

        int bpf_map_lookup_batch(
                int map,
                @Nullable Pointer from,
                Pointer to,
                Pointer keys,
                Pointer values,
                Pointer count,
                @Nullable Pointer options);

        int bpf_program__fd(Pointer program);

        int bpf_program__set_autoload(Pointer program, boolean autoload);

        int bpf_program__set_expected_attach_type(Pointer program, int type);

        Pointer bpf_program__attach_uprobe_opts(
                Pointer program, int pid, String path, @size_t long offset, Pointer options);

        Pointer bpf_program__attach(Pointer program);

        int bpf_link__destroy(Pointer link);

        int bpf_prog_test_run_opts(int program, Pointer options);

        Pointer btf__load_vmlinux_btf();

        int btf__find_by_name_kind(Pointer btf, String name, int kind);

        void btf__free(Pointer btf);

        int libbpf_num_possible_cpus();
    }

    static final class Libbpf {
        static final Calls CALLS = NativeLibrary.load(Calls.class, "libbpf.so.1", "libbpf1");

        static {
            // Silent: what matters of its messages is in the verifier's log, which goes into our own.
            CALLS.libbpf_set_print(null);
        }

        private Libbpf() {}
    }

    // struct bpf_object_open_opts: sz, object_name, …, kernel_log_buf at 56, kernel_log_size, kernel_log_level.
    private static final int OPEN_OPTIONS_BYTES = 80;
    private static final int OBJECT_NAME = 8;
    private static final int KERNEL_LOG_BUFFER = 56;
    private static final int KERNEL_LOG_SIZE = 64;
    private static final int LOG_BYTES = 1 << 20;
    // struct bpf_test_run_opts: sz, …, flags at 68, cpu, batch_size.
    private static final int RUN_OPTIONS_BYTES = 80;
    private static final int RUN_FLAGS = 68;
    private static final int RUN_CPU = 72;
    /** Flag of BPF_PROG_TEST_RUN, {@code <linux/bpf.h>}. */
    private static final int BPF_F_TEST_RUN_ON_CPU = 1;

    private static final int BTF_KIND_FUNC = 12;
    /** Elements read at a time; more than any bucket of a hash map has. */
    private static final int BATCH = 4096;

    private final String name;
    private final Pointer image;
    private final Pointer log = Memory.allocateDirect(runtime(), LOG_BYTES, true);
    private final Pointer object;
    private final Deque<AutoCloseable> owned = new ArrayDeque<>();

    /**
     * Opens an object file; nothing is in the kernel yet.
     *
     * @param name what error messages and {@code bpftool} call it; ASCII
     * @param image the file's bytes
     */
    public BpfObject(String name, byte[] image) {
        this.name = name;
        this.image = Memory.allocateDirect(runtime(), image.length);
        this.image.put(0, image, 0, image.length);
        Pointer objectName = Memory.allocateDirect(runtime(), name.length() + 1, true);
        objectName.putString(0, name, name.length() + 1, StandardCharsets.US_ASCII);
        Pointer options = Memory.allocateDirect(runtime(), OPEN_OPTIONS_BYTES, true);
        options.putLong(0, OPEN_OPTIONS_BYTES);
        options.putAddress(OBJECT_NAME, objectName.address());
        options.putAddress(KERNEL_LOG_BUFFER, log.address());
        options.putLong(KERNEL_LOG_SIZE, LOG_BYTES);
        try {
            object = Libbpf.CALLS.bpf_object__open_mem(this.image, image.length, options);
        } finally {
            Reference.reachabilityFence(objectName);
        }
        if (object == null) {
            throw new OperationFailed(
                    "Cannot open BPF object " + name + ": " + Errno.describe(Errno.last()) + "; build it again");
        }
    }

    /** The initial content of a data section such as {@code .rodata}, to be changed before {@link #load()}. */
    public ByteBuffer data(String section) {
        Pointer size = Memory.allocateDirect(runtime(), 8, true);
        Pointer data = Libbpf.CALLS.bpf_map__initial_value(map(section), size);
        return com.kenai.jffi.MemoryIO.getInstance()
                .newDirectByteBuffer(data.address(), (int) size.getLong(0))
                .order(ByteOrder.nativeOrder());
    }

    /** Sets how many entries a map has (for a ring buffer: bytes); before {@link #load()}. */
    public void maxEntries(String map, int entries) {
        check(Libbpf.CALLS.bpf_map__set_max_entries(map(map), entries), "set the size of map " + map);
    }

    /** Sets the size of a map's values, in bytes; before {@link #load()}. */
    public void valueBytes(String map, int bytes) {
        check(Libbpf.CALLS.bpf_map__set_value_size(map(map), bytes), "set the size of the values of map " + map);
    }

    /** Leaves a program out, so that the kernel need not verify what nobody attaches; before {@link #load()}. */
    public void leaveOut(String program) {
        check(Libbpf.CALLS.bpf_program__set_autoload(program(program), false), "leave program " + program + " out");
    }

    /** Declares a program to be attached by {@link Uprobes} in one go; before {@link #load()}. */
    public void forUprobeMulti(String program) {
        check(
                Libbpf.CALLS.bpf_program__set_expected_attach_type(program(program), Bpf.UPROBE_MULTI),
                "prepare program " + program);
    }

    /**
     * Creates the maps and loads the programs.
     *
     * @throws MachineCannot if the kernel does not let this process load BPF programs, or has no type information
     * @throws OperationFailed if the verifier refuses a program; the message has its last words; or there is no memory for its maps
     */
    public void load() {
        int error = Libbpf.CALLS.bpf_object__load(object);
        if (error == -Errno.EPERM) {
            throw new MachineCannot(
                    "Loading BPF programs",
                    "the kernel refuses it (" + Errno.describe(-error) + ")",
                    Capability.remedy(Capability.BPF, Capability.PERFMON));
        }
        if (error == -Errno.ENOMEM) {
            throw new OperationFailed("Cannot load BPF object " + name + ": the kernel has no memory for its maps ("
                    + Errno.describe(-error)
                    + "); choose a smaller buffer, free memory, or raise the limit of this process's cgroup");
        }
        if (error != 0) {
            Feature btf = KernelTypes.feature();
            if (!btf.available()) {
                throw new MachineCannot("Loading BPF programs", btf.detail(), btf.remedy());
            }
            throw new OperationFailed("Cannot load BPF object " + name + ": " + Errno.describe(-error)
                    + BpfProgram.verifierSays(log, LOG_BYTES));
        }
    }

    /**
     * Writes elements of a map, all by one system call (Linux 5.6).
     *
     * @param keys the keys, one behind the other, from position 0 to the limit
     * @param values as many values
     */
    public void update(String map, ByteBuffer keys, ByteBuffer values, int elements) {
        if (elements == 0) {
            return;
        }
        Pointer count = Memory.allocateDirect(runtime(), Integer.BYTES);
        count.putInt(0, elements);
        check(Libbpf.CALLS.bpf_map_update_batch(mapFd(map), copy(keys), copy(values), count, null), "write map " + map);
    }

    /**
     * Visits all values of a hash map that nobody changes meanwhile.
     *
     * @param visitor is told each value, from position 0; not to be kept
     */
    public void forEachValue(String map, Consumer<ByteBuffer> visitor) {
        int valueBytes = Libbpf.CALLS.bpf_map__value_size(map(map));
        Pointer keys = Memory.allocateDirect(runtime(), BATCH * Libbpf.CALLS.bpf_map__key_size(map(map)));
        byte[] values = new byte[BATCH * valueBytes];
        Pointer valuesRead = Memory.allocateDirect(runtime(), values.length);
        Pointer count = Memory.allocateDirect(runtime(), Integer.BYTES);
        Pointer position = Memory.allocateDirect(runtime(), Long.BYTES, true);
        int result = 0;
        for (Pointer from = null; result == 0; from = position) {
            count.putInt(0, BATCH);
            result = Libbpf.CALLS.bpf_map_lookup_batch(mapFd(map), from, position, keys, valuesRead, count, null);
            // That there are no more is an error; those that there were are there all the same.
            check(result == -Errno.ENOENT ? 0 : result, "read map " + map);
            valuesRead.get(0, values, 0, values.length);
            for (int i = 0; i < count.getInt(0); i++) {
                visitor.accept(ByteBuffer.wrap(values, i * valueBytes, valueBytes)
                        .slice()
                        .order(ByteOrder.nativeOrder()));
            }
        }
    }

    /** Puts a program of this object into an element of a map of programs, for tail calls. */
    public void update(String map, int key, String program) {
        update(map, key, programFd(program));
    }

    /** Puts a descriptor into an element of a map of programs or of perf events. */
    void update(String map, int key, int descriptor) {
        Pointer words = Memory.allocateDirect(runtime(), 2 * Integer.BYTES);
        words.putInt(0, key);
        words.putInt(Integer.BYTES, descriptor);
        check(Libbpf.CALLS.bpf_map_update_elem(mapFd(map), words, words.slice(Integer.BYTES), 0), "write map " + map);
    }

    private static Pointer copy(ByteBuffer buffer) {
        Pointer copy = Memory.allocateDirect(runtime(), buffer.limit());
        copy.put(0, buffer.array(), buffer.arrayOffset(), buffer.limit());
        return copy;
    }

    /** The consumer's side of a ring buffer map; closed with this object. */
    public RingBuffer ringBuffer(String map, int bytes) {
        RingBuffer ring = new RingBuffer(mapFd(map), bytes);
        owned.push(ring);
        return ring;
    }

    /**
     * The consumer's side of a perf buffer for each CPU, which the programs write to by a map of perf events; closed with this object.
     *
     * @param map with an element for each possible CPU
     * @param bytes of each: a power of two and no less than a page
     * @param wakeupRecords so many records of a CPU wake the consumer; 0 if it looks by itself
     * @param wakeupBytes so many unread bytes of a CPU do; 0 if not
     */
    public PerfBuffers perfBuffers(String map, int bytes, int wakeupRecords, int wakeupBytes) {
        PerfBuffers buffers = new PerfBuffers(bytes);
        owned.push(buffers);
        buffers.open(this, map, wakeupRecords, wakeupBytes);
        return buffers;
    }

    /** The content of an array map with {@code BPF_F_MMAPABLE}, live; not to be touched once this object is closed. */
    public ByteBuffer mapped(String map, int bytes, boolean writable) {
        int page = MappedMemory.pageSize();
        MappedMemory memory = MappedMemory.of(mapFd(map), 0, (bytes + page - 1) / page * page, writable);
        owned.push(memory);
        return memory.buffer();
    }

    /**
     * Runs a program once, here and now, on a CPU.
     *
     * @return whether it ran; not on a CPU that is offline
     */
    public boolean runOn(String program, int cpu) {
        Pointer options = Memory.allocateDirect(runtime(), RUN_OPTIONS_BYTES, true);
        options.putLong(0, RUN_OPTIONS_BYTES);
        options.putInt(RUN_FLAGS, BPF_F_TEST_RUN_ON_CPU);
        options.putInt(RUN_CPU, cpu);
        return Libbpf.CALLS.bpf_prog_test_run_opts(programFd(program), options) == 0;
    }

    /**
     * Runs a program once, in this very thread.
     *
     * @throws OperationFailed if the kernel does not run it
     */
    public void run(String program) {
        Pointer options = Memory.allocateDirect(runtime(), RUN_OPTIONS_BYTES, true);
        options.putLong(0, RUN_OPTIONS_BYTES);
        check(Libbpf.CALLS.bpf_prog_test_run_opts(programFd(program), options), "run program " + program);
    }

    /**
     * A function that the kernel exports to BPF programs, for {@link BpfCode#callKernel}. Looking for it takes a hundredth of a second.
     *
     * @param name its name in the kernel's source
     * @return its number in the kernel's type information; empty if this kernel has none of that name
     */
    public static OptionalInt kernelFunction(String name) {
        Pointer btf = Libbpf.CALLS.btf__load_vmlinux_btf();
        if (btf == null) {
            return OptionalInt.empty();
        }
        int function = Libbpf.CALLS.btf__find_by_name_kind(btf, name, BTF_KIND_FUNC);
        Libbpf.CALLS.btf__free(btf);
        return function > 0 ? OptionalInt.of(function) : OptionalInt.empty();
    }

    /** How many CPUs the kernel may ever have. */
    public int possibleCpus() {
        int cpus = Libbpf.CALLS.libbpf_num_possible_cpus();
        if (cpus < 0) {
            throw new OperationFailed("Cannot tell how many CPUs there may be: " + Errno.describe(-cpus)
                    + " (/sys/devices/system/cpu/possible)");
        }
        return cpus;
    }

    /** The descriptor of a map, for programs that are assembled; it is this object's. */
    public int mapFd(String map) {
        return Libbpf.CALLS.bpf_map__fd(map(map));
    }

    Pointer program(String program) {
        return found(Libbpf.CALLS.bpf_object__find_program_by_name(object, program), program);
    }

    int programFd(String program) {
        return Libbpf.CALLS.bpf_program__fd(program(program));
    }

    private Pointer map(String map) {
        return found(Libbpf.CALLS.bpf_object__find_map_by_name(object, map), map);
    }

    private Pointer found(Pointer pointer, String what) {
        if (pointer == null) {
            throw new OperationFailed(
                    "BPF object " + name + " has no " + what + "; it does not fit this version: build it again");
        }
        return pointer;
    }

    private void check(int result, String what) {
        if (result != 0) {
            throw new OperationFailed("Cannot " + what + " of BPF object " + name + ": " + Errno.describe(-result));
        }
    }

    private static Runtime runtime() {
        return Runtime.getSystemRuntime();
    }

    @Override
    public void close() {
        for (AutoCloseable each : owned) {
            try {
                each.close();
            } catch (Exception e) {
                throw new IllegalStateException("unmapping failed", e);
            }
        }
        Libbpf.CALLS.bpf_object__close(object);
    }
}
