package dev.tracetoll.x86;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.MemoryIO;
import com.kenai.jffi.PageManager;
import com.kenai.jffi.Type;
import dev.tracetoll.linux.ptrace.Registers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The processor of this machine, executing single instructions in this very process: a case is data, and takes about as long as a call of a
 * function. What is executed here must not fault, as that would be the end of the process. Not thread-safe.
 *
 * <p>Memory of its own holds, in this order: the code that loads and stores registers; the registers; room for {@link #code code}; room for a
 * {@link #stack stack}, in the middle of which a signal has room for its frame.
 */
final class Processor implements AutoCloseable {

    static final int CODE_BYTES = 1 << 20;
    /** Behind what is executed there is room for this much of it. */
    static final int EXIT_BYTES = 15;

    private static final int RAX = 0;
    private static final int RBX = 3;
    private static final int RSP = 4;
    private static final int RBP = 5;
    private static final int R12 = 12;
    private static final int GENERAL = 16;

    private static final int PAGE = 4096;
    private static final int PAGE_SHIFT = 12;
    /** Where in a page of their own the registers are: the general ones by their numbers, the flags, and so on. */
    private static final int FLAGS = GENERAL * Long.BYTES;

    private static final int OWN_STACK = FLAGS + Long.BYTES;
    private static final int ENTRY = OWN_STACK + Long.BYTES;
    private static final int EXIT = ENTRY + Long.BYTES;
    /** An FXSAVE image of what is loaded and stored, and one of what is given back to the caller. */
    private static final int VECTORS = 1024;

    private static final int OWN_VECTORS = 2048;
    private static final int XMM0 = 160;
    private static final int XMM_BYTES = 16 * 16;

    private static final int CODE = 2 * PAGE;
    private static final int STACK = CODE + CODE_BYTES;
    private static final int STACK_BYTES = 1 << 18;
    private static final int PAGES = STACK + STACK_BYTES >> PAGE_SHIFT;

    private static final MemoryIO MEMORY = MemoryIO.getInstance();
    private static final CallContext NO_ARGUMENTS =
            CallContext.getCallContext(Type.VOID, new Type[0], CallingConvention.DEFAULT, false);

    private final long start;
    private final long leave;

    Processor() {
        start = PageManager.getInstance()
                .allocatePages(PAGES, PageManager.PROT_READ | PageManager.PROT_WRITE | PageManager.PROT_EXEC);
        ByteBuffer code = ByteBuffer.allocate(PAGE).order(ByteOrder.LITTLE_ENDIAN);
        enter(code);
        leave = start + code.position();
        leave(code);
        write(start, code.array());
        // The control words of the x87 and of SSE that a program starts with: no exception is a signal.
        MEMORY.putLong(start + PAGE + VECTORS, 0x37f);
        MEMORY.putLong(start + PAGE + VECTORS + 24, 0x1f80);
    }

    /** Begins a function of the System V ABI, and ends in what is to be executed. */
    private static void enter(ByteBuffer code) {
        push(code, RBX);
        push(code, RBP);
        for (int register = R12; register < GENERAL; register++) {
            push(code, register);
        }
        onSlot(code, 0x48, 0x89, RSP, OWN_STACK);
        onSlot(code, 0x48, 0x0fae, 0, OWN_VECTORS);
        onSlot(code, 0x48, 0x0fae, 1, VECTORS);
        // push, popfq; no move changes flags.
        onSlot(code, 0x40, 0xff, 6, FLAGS);
        code.put((byte) 0x9d);
        for (int register = RAX; register < GENERAL; register++) {
            onSlot(code, wide(register), 0x8b, register & 7, register * Long.BYTES);
        }
        onSlot(code, 0x40, 0xff, 4, ENTRY);
    }

    /** Ends that function. */
    private static void leave(ByteBuffer code) {
        for (int register = RAX; register < GENERAL; register++) {
            onSlot(code, wide(register), 0x89, register & 7, register * Long.BYTES);
        }
        onSlot(code, 0x48, 0x8b, RSP, OWN_STACK);
        // pushfq, pop
        code.put((byte) 0x9c);
        onSlot(code, 0x40, 0x8f, 0, FLAGS);
        onSlot(code, 0x48, 0x0fae, 0, VECTORS);
        onSlot(code, 0x48, 0x0fae, 1, OWN_VECTORS);
        for (int register = GENERAL - 1; register >= R12; register--) {
            code.put((byte) 0x41).put((byte) (0x58 | register & 7));
        }
        code.put((byte) (0x58 | RBP)).put((byte) (0x58 | RBX)).put((byte) 0xc3);
    }

    private static void push(ByteBuffer code, int register) {
        code.put((byte) (register < 8 ? 0x40 : 0x41)).put((byte) (0x50 | register & 7));
    }

    private static int wide(int register) {
        return register < 8 ? 0x48 : 0x4c;
    }

    /** An instruction on memory of the page behind that of the code, told by its distance. */
    private static void onSlot(ByteBuffer code, int rex, int opcode, int field, int slot) {
        code.put((byte) rex);
        if (opcode > 0xff) {
            code.put((byte) (opcode >> Byte.SIZE));
        }
        code.put((byte) opcode).put((byte) (field << 3 | 5));
        code.putInt(PAGE + slot - code.position() - Integer.BYTES);
    }

    /** Where code can be put: {@link #CODE_BYTES} from here. */
    long code() {
        return start + CODE;
    }

    /** What can be a stack pointer. There is room for the longest {@code ret} above it. */
    long stack() {
        return start + STACK + STACK_BYTES / 2;
    }

    /** Ends what is executed, when it comes by here. Nothing but the instruction pointer changes. */
    void exit(long address) {
        ByteBuffer code = ByteBuffer.allocate(EXIT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        // mov dword [slot], offset; jmp
        code.put((byte) 0xc7).put((byte) 5);
        code.putInt((int) (start + PAGE + EXIT - address - 10));
        code.putInt((int) (address - start));
        code.put((byte) 0xe9).putInt((int) (leave - address - EXIT_BYTES));
        write(address, code.array());
    }

    void write(long address, byte[] bytes) {
        MEMORY.putByteArray(address, bytes, 0, bytes.length);
    }

    byte[] read(long address, int size) {
        byte[] bytes = new byte[size];
        MEMORY.getByteArray(address, bytes, 0, size);
        return bytes;
    }

    /** All of XMM0 to XMM15, which {@link #execute} begins with and leaves behind. */
    byte[] vectors() {
        return read(start + PAGE + VECTORS + XMM0, XMM_BYTES);
    }

    void vectors(byte[] xmm) {
        write(start + PAGE + VECTORS + XMM0, xmm);
    }

    /** Goes on with the general registers, the flags and the instruction pointer given, up to an exit; and gives them back. */
    void execute(Registers registers) {
        long slots = start + PAGE;
        for (int register = RAX; register < GENERAL; register++) {
            MEMORY.putLong(slots + (long) register * Long.BYTES, registers.general(register));
        }
        MEMORY.putLong(slots + FLAGS, registers.flags());
        MEMORY.putLong(slots + ENTRY, registers.instructionPointer());
        Invoker.getInstance().invokeN0(NO_ARGUMENTS, start);
        for (int register = RAX; register < GENERAL; register++) {
            registers.general(register, MEMORY.getLong(slots + (long) register * Long.BYTES));
        }
        registers.flags(MEMORY.getLong(slots + FLAGS));
        registers.instructionPointer(start + MEMORY.getLong(slots + EXIT));
    }

    @Override
    public void close() {
        PageManager.getInstance().freePages(start, PAGES);
    }
}
