package dev.tracetoll.process;

import dev.tracetoll.linux.process.Affinity;
import dev.tracetoll.linux.ptrace.SignalAction;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/**
 * What the tracer has changed in the process, kept in memory that outlives it, for the {@link dev.tracetoll.linux.process.Guardian}. Everything is
 * noted before it is done, and struck out after it is undone: whoever reads the table at any moment can undo what has been done.
 *
 * <p>The layout is that of {@code struct table} in {@code guardian.c}. No one reads the table of a session without a guardian.
 */
public final class GuardTable implements ForcedCall.Journal {

    /** Of {@code si_errno}, as {@code guardian.c} has it: the hit has been seen to unless the thread still has these registers. */
    public static final int SEEN_TO = 0x7472;

    private static final int MASK_WORDS = 128;
    private static final int MOST_CONFINED = 64;

    private static final int SPARE = 0;
    private static final int SPARE_SIZE = 1;
    private static final int STEPPING = 2;
    private static final int STEPPING_END = 3;
    private static final int CALL = 4;
    private static final int LOOP = 5;
    private static final int LOOP_END = 6;
    private static final int STEPPED = 7;
    private static final int ACTION_KNOWN = 8;
    private static final int HANDLER = 9;
    private static final int FLAGS = 10;
    private static final int RESTORER = 11;
    private static final int MASK = 12;
    private static final int CALLER = 13;
    private static final int CALLER_MASK = 14;
    private static final int SCRATCH = 15;
    private static final int SCRATCH_WAS = 16;
    private static final int SCRATCH_WORDS = 8;
    private static final int REGISTERS = SCRATCH_WAS + SCRATCH_WORDS;
    private static final int REGISTER_WORDS = 27;
    private static final int HANDED = REGISTERS + REGISTER_WORDS;
    private static final int MOST_HANDED = 16;
    private static final int HANDED_WORDS = 2;
    private static final int MASKED = HANDED + MOST_HANDED * HANDED_WORDS;
    private static final int MASKED_WORDS = 3;
    private static final int CPU = MASKED + MASKED_WORDS;
    private static final int CONFINED = CPU + 1;
    private static final int CONFINED_WORDS = 1 + MASK_WORDS;
    private static final int WORDS = CONFINED + MOST_CONFINED * CONFINED_WORDS;
    private static final int WORD = WORDS + 1;
    private static final int WORD_WORDS = 4;
    /** Words that do not hold breakpoints: a page of spare memory. */
    private static final int MOST_SPARE_WORDS = 4096 / Long.BYTES;

    private final ByteBuffer table;
    private final Map<Long, Integer> slots = new HashMap<>();
    private int handed;

    private GuardTable(ByteBuffer table) {
        this.table = table.order(ByteOrder.nativeOrder());
        put(CPU, -1);
    }

    /** One that nobody reads. */
    public static GuardTable unread(int sites) {
        return new GuardTable(ByteBuffer.allocate(bytes(sites)));
    }

    /** One in shared memory of {@link #bytes} size, whose other readers see every change. */
    static GuardTable in(ByteBuffer memory) {
        return new GuardTable(memory);
    }

    /** @param sites how many breakpoints there may be */
    static int bytes(int sites) {
        return (WORD + (sites + MOST_SPARE_WORDS) * WORD_WORDS) * Long.BYTES;
    }

    /** Forgets the code of a program that was executed before. */
    public void clearCode() {
        put(WORDS, 0);
        put(ACTION_KNOWN, 0);
        put(STEPPED, 0);
        slots.clear();
    }

    /**
     * Where things are in the spare memory.
     *
     * @param stepping the place for single-stepping
     */
    public void places(SpareCode spare, WaitingLoop waiting, SpareCode stepping) {
        put(SPARE_SIZE, spare.size());
        put(STEPPING, stepping.start());
        put(STEPPING_END, stepping.start() + stepping.size());
        put(CALL, waiting.call());
        put(LOOP, waiting.loop());
        put(LOOP_END, waiting.loopEnd());
        put(SPARE, spare.start());
    }

    /**
     * A word of code that is about to be overwritten, or overwritten once more.
     *
     * @param lengths of the displaced instructions, each in the byte of its first one
     */
    void code(CodeWord word, long lengths) {
        int slot = slots.computeIfAbsent(word.address(), address -> slots.size());
        int at = WORD + slot * WORD_WORDS;
        put(at, word.address());
        put(at + 1, word.original());
        put(at + 2, word.armed());
        put(at + 3, lengths);
        if (slot >= get(WORDS)) {
            publish(WORDS, slot + 1L);
        }
    }

    /** Which site's instruction is at the place for single-stepping. */
    public void stepped(long address) {
        put(STEPPED, address);
    }

    /** What the program itself does about a SIGTRAP. */
    public void action(SignalAction action) {
        put(HANDLER, action.handler());
        put(FLAGS, action.flags());
        put(RESTORER, action.restorer());
        put(MASK, action.mask());
        publish(ACTION_KNOWN, 1);
    }

    /** A thread is about to block signals while it is stepped; the signal is one that it is to get when it has been, or 0. */
    void masks(int thread, long before, int signal) {
        put(MASKED + 1, before);
        put(MASKED + 2, signal);
        publish(MASKED, thread);
    }

    /** That thread blocks what it did before, and has its signal. */
    void unmasked() {
        put(MASKED, 0);
    }

    /** What a thread is about to get in place of the SIGTRAP of a single-step. */
    void hands(int thread, int signal) {
        int at = HANDED + handed++ % MOST_HANDED * HANDED_WORDS;
        put(at, 0);
        put(at + 1, signal);
        publish(at, thread);
    }

    /** The program's own action is in force again, and the code to set it by is about to go. */
    public void actionPutBack() {
        put(ACTION_KNOWN, 0);
    }

    /** The CPU that threads are confined to from now on. */
    public void confinesTo(int cpu) {
        put(CPU, cpu);
    }

    /** Notes what a thread may run on before it is confined; false if there is no room. */
    public boolean confines(int thread, Affinity before) {
        for (int i = 0; i < MOST_CONFINED; i++) {
            int at = CONFINED + i * CONFINED_WORDS;
            if (get(at) == 0) {
                before.copy(table, (at + 1) * Long.BYTES, MASK_WORDS);
                publish(at, thread);
                return true;
            }
        }
        return false;
    }

    /** A thread that was confined is not any more. */
    public void frees(int thread) {
        for (int i = 0; i < MOST_CONFINED; i++) {
            int at = CONFINED + i * CONFINED_WORDS;
            if (get(at) == thread) {
                put(at, 0);
            }
        }
    }

    @Override
    public void begins(int thread, long mask) {
        put(CALLER_MASK, mask);
        publish(CALLER, thread);
    }

    @Override
    public void displaces(long[] registers, long scratch, long[] displaced) {
        put(SCRATCH, scratch);
        for (int i = 0; i < displaced.length; i++) {
            put(SCRATCH_WAS + i, displaced[i]);
        }
        for (int i = 0; i < REGISTER_WORDS; i++) {
            put(REGISTERS + i, registers[i]);
        }
    }

    @Override
    public void ended() {
        put(CALLER, 0);
    }

    private long get(int word) {
        return table.getLong(word * Long.BYTES);
    }

    private void put(int word, long value) {
        table.putLong(word * Long.BYTES, value);
    }

    /** What was put before must be there when this is. */
    private void publish(int word, long value) {
        VarHandle.releaseFence();
        put(word, value);
    }
}
