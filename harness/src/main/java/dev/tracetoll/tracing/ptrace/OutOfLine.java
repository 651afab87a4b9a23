package dev.tracetoll.tracing.ptrace;

import dev.tracetoll.linux.ptrace.ProcessMemory;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.process.CodeWord;
import dev.tracetoll.process.GuardTable;
import dev.tracetoll.process.PatchedCode;
import dev.tracetoll.process.SpareCode;
import dev.tracetoll.process.Tracee;
import dev.tracetoll.x86.Relocation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Copies of displaced instructions in spare code of the program, where they are executed while the breakpoint stays in place. The first
 * bytes are one place for all instructions that are single-stepped, as only one is at a time; behind it are the copies that lead back.
 */
final class OutOfLine {

    /** The longest instruction has 15 bytes. */
    static final int STEPPING_BYTES = 16;

    private final ProcessMemory memory;
    private final PatchedCode patched;
    private SpareCode spare = SpareCode.NONE;
    private long end;
    /** Copies that any site can use: they do not lead back, and mean the same everywhere. */
    private final Map<ByteBuffer, Long> shared = new HashMap<>();
    /** What is at the place for stepping. */
    private @Nullable Breakpoint loaded;

    private boolean used;
    private final GuardTable table;

    OutOfLine(ProcessMemory memory, PatchedCode patched, GuardTable table) {
        this.memory = memory;
        this.patched = patched;
        this.table = table;
    }

    /** Where copies can be put from now on; there are none yet. */
    void in(SpareCode code) {
        spare = code;
        end = code.start() + STEPPING_BYTES;
        shared.clear();
        loaded = null;
        used = false;
    }

    /** Where instructions are single-stepped. */
    long steppingPlace() {
        return spare.start();
    }

    /** Whether instructions can be single-stepped at all. */
    boolean hasSteppingPlace() {
        return spare.size() >= STEPPING_BYTES;
    }

    /** Whether a thread that is there is in a copy. */
    boolean contains(long address) {
        return used && spare.contains(address);
    }

    /**
     * Makes the instruction ready to be single-stepped at {@link #steppingPlace}; false if the thread is dying.
     *
     * @param stepped what it is there
     */
    boolean load(Tracee tracee, Breakpoint breakpoint, byte[] stepped) {
        if (loaded == breakpoint) {
            return true;
        }
        table.stepped(breakpoint.address);
        boolean written = write(tracee, steppingPlace(), stepped);
        loaded = written ? breakpoint : null;
        return written;
    }

    /** Makes a copy that leads back behind the displaced instruction; returns its address, or 0 if there is none. */
    long copy(Tracee tracee, Breakpoint breakpoint) {
        byte[] code = breakpoint.instruction().bytes();
        boolean common = breakpoint.instruction().goesAnywhere()
                && !breakpoint.instruction().dependsOnItsPlace();
        Long known = common ? shared.get(ByteBuffer.wrap(code)) : null;
        if (known != null) {
            return known;
        }
        Optional<byte[]> leading = Relocation.leadingBack(breakpoint.instruction(), breakpoint.address, end);
        if (leading.isEmpty() || end + leading.get().length > spare.start() + spare.size()) {
            return 0;
        }
        byte[] whole = leading.get();
        long address = end;
        if (!write(tracee, address, whole)) {
            return 0;
        }
        end += whole.length;
        if (common) {
            shared.put(ByteBuffer.wrap(code), address);
        }
        used = true;
        return address;
    }

    private boolean write(Tracee tracee, long address, byte[] bytes) {
        long first = CodeWord.addressOf(address);
        long last = CodeWord.addressOf(address + bytes.length - 1);
        for (long at = first; at <= last; at += Long.BYTES) {
            long where = at;
            long original = memory.readLong(tracee.thread(), at)
                    .orElseThrow(() -> new OperationFailed("the code of process " + tracee.process() + " at 0x"
                            + Long.toHexString(where) + " cannot be read"));
            ByteBuffer word = ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(0, original);
            for (int i = 0; i < Long.BYTES; i++) {
                long offset = at + i - address;
                if (offset >= 0 && offset < bytes.length) {
                    word.put(i, bytes[(int) offset]);
                }
            }
            if (!patched.overwrite(tracee, new CodeWord(at, original, word.getLong(0)))) {
                return false;
            }
        }
        return true;
    }
}
