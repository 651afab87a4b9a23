package dev.tracetoll.tracing.inline;

import dev.tracetoll.golang.Location;
import dev.tracetoll.golang.RuntimeInternals;
import dev.tracetoll.tracing.plan.CaptureLimits;
import dev.tracetoll.tracing.plan.Sampling;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.x86.Assembler;
import dev.tracetoll.x86.Assembler.Arithmetic;
import dev.tracetoll.x86.Assembler.Label;
import dev.tracetoll.x86.Condition;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Writes code that writes records. What registers it uses besides R12 and R13 it keeps in the ring, which is taken meanwhile.
 */
final class RecordCode implements Trampoline.SiteCode {

    // By the numbers that instructions use.
    private static final int RAX = 0;
    private static final int RCX = 1;
    private static final int RDX = 2;
    private static final int RSP = 4;
    private static final int RSI = 6;
    private static final int RDI = 7;
    private static final int R11 = 11;
    private static final int R12 = 12;
    private static final int R13 = 13;
    /** Where what has been copied is whose references are followed in their turn: R9, R10, one a level. */
    private static final int[] PARENTS = {9, 10};

    /** So many of the registers that are put away are used by all records, the first ones: RAX and RDX. */
    private static final int OF_ALL = 2;

    private static final int WORD = Long.BYTES;
    private static final int RECORD = WORD;

    // Go's heap on Linux on x86-64: arenas of 64 MiB, whose table has the lower half of all addresses in its upper
    // half; pages of 8 KiB.
    // Source: src/runtime/malloc.go (heapArenaBytes, arenaBaseOffset, pagesPerArena), the same from Go 1.19 to 1.26.
    private static final int ARENA_SHIFT = 26;
    private static final int LOWER_ARENAS = 1 << 21;
    private static final int PAGE_SHIFT = 13;
    private static final int PAGES_OF_ARENA = 1 << ARENA_SHIFT - PAGE_SHIFT;

    /** Such a part of each ring has room for nothing but calls that grow their stack: few do, and without them no argument could be trusted. */
    private static final int RESERVED_FOR_GROWTHS = 16;

    /** Where the program's own segments are in the process: what is between the two is all readable. */
    record Image(long start, long end) {}

    private final TracePlan plan;
    private final List<Layout> layouts;
    private final RuntimeInternals internals;
    private final RingLayout rings;
    private final long bias;
    private final Image image;

    /**
     * @param layouts what the records of each site look like
     * @param bias what to add to an address in the file for the address in the process
     */
    RecordCode(
            TracePlan plan,
            List<Layout> layouts,
            RuntimeInternals internals,
            RingLayout rings,
            long bias,
            Image image) {
        this.plan = plan;
        this.layouts = layouts;
        this.internals = internals;
        this.rings = rings;
        this.bias = bias;
        this.image = image;
    }

    /** Where the stack is too small, what the arguments are is recorded now, as those that the function never uses are not kept. */
    @Override
    public void write(Assembler code, int number, boolean growing, List<Runnable> rare) {
        SitePlan site = plan.sites().get(number);
        if (!growing || !site.isReturn() && !site.variables().isEmpty()) {
            new Recorder(code, number, growing, rare).write();
        }
    }

    /** Writes the code for one record. */
    private final class Recorder {
        private final Assembler code;
        private final SitePlan site;
        private final int number;
        private final Layout layout;
        private final boolean growing;
        private final List<Runnable> rare;
        private final CurrentGoroutine goroutine;
        private final boolean follows;
        private final Label end = new Label();
        private final Label busy = new Label();
        private final Label recorded = new Label();

        Recorder(Assembler code, int number, boolean growing, List<Runnable> rare) {
            this.code = code;
            this.number = number;
            this.site = plan.sites().get(number);
            this.layout = layouts.get(number);
            this.growing = growing;
            this.rare = rare;
            goroutine = new CurrentGoroutine(code, rare, plan.request().runtime(), internals);
            follows = layout.references().stream().anyMatch(Optional::isPresent);
        }

        void write() {
            plan.request().sampling().ifPresent(this::choose);
            takeRing();
            countHit();
            save();
            reserve();
            variables();
            head();
            if (follows) {
                code.address(RDI, RDX, RECORD + layout.end());
                layout.references().stream()
                        .flatMap(Optional::stream)
                        .forEach(each -> follow(each, RDX, RECORD + Layout.HEAD_BYTES, 0));
                code.compute(Arithmetic.SUB, RDI, RDX);
                code.store(RDX, 0, RDI, WORD);
            } else {
                code.storeConstant(RDX, 0, RECORD + layout.end(), WORD);
            }
            code.move(R12, RDX);
            restore(OF_ALL, used().length);
            time();
            code.load(RAX, R12, 0, WORD);
            code.computeInto(Arithmetic.ADD, R13, RingLayout.PRODUCED, RAX);
            code.bind(recorded);
            restore(0, OF_ALL);
            code.storeConstant(R13, RingLayout.BUSY, 0, 1);
            code.bind(end);
        }

        /** Goes on in goroutines that are chosen; in others the hit is counted, once where it is one of those before a growth. */
        private void choose(Sampling sampling) {
            Label others = new Label();
            goroutine.number(R12);
            SampleCode.write(code, sampling, R12, R13, others);
            rare.add(() -> {
                code.bind(others);
                if (!growing && !site.isMark()) {
                    Label none = new Label();
                    Label found = new Label();
                    findRing(none);
                    code.bind(found);
                    code.incrementLocked(
                            R13, site.isReturn() ? RingLayout.LEFT_OUT_RETURNS : RingLayout.LEFT_OUT_CALLS);
                    rare.add(() -> {
                        code.bind(none);
                        code.moveConstant(R13, rings.ring(rings.processors()));
                        code.jump(found);
                    });
                }
                code.jump(end);
            });
        }

        /** Leaves the ring of the thread's processor in R13, if it has one. */
        private void findRing(Label none) {
            goroutine.processor(R13, rings.processors(), none);
            code.multiply(R13, rings.stride());
            code.moveConstant(R12, rings.address());
            code.compute(Arithmetic.ADD, R13, R12);
        }

        /** Leaves the ring in R13. */
        private void takeRing() {
            Label none = new Label();
            Label taken = new Label();
            findRing(none);
            code.compareByte(R13, RingLayout.BUSY, 0);
            code.jumpIf(Condition.NE, busy);
            code.storeConstant(R13, RingLayout.BUSY, 1, 1);
            code.bind(taken);
            rare.add(() -> {
                code.bind(none);
                code.moveConstant(R13, rings.ring(rings.processors()));
                code.moveConstant(R12, 1);
                code.exchangeByte(R12, R13, RingLayout.BUSY);
                code.testByte(R12, 1);
                code.jumpIf(Condition.E, taken);
                code.bind(busy);
                if (rings.hitBytes() > 0 && !growing) {
                    code.incrementLocked(R13, rings.hits() + number * WORD);
                }
                code.incrementLocked(R13, lost());
                code.jump(end);
            });
        }

        /** Nobody else writes where this one's ring is counted. */
        private void countHit() {
            if (rings.hitBytes() > 0 && !growing) {
                code.moveConstant(R12, 1);
                code.computeInto(Arithmetic.ADD, R13, rings.hits() + number * WORD, R12);
            }
        }

        private int lost() {
            if (growing) {
                return RingLayout.LOST_GROWTHS;
            }
            return site.isMark()
                    ? RingLayout.LOST_MARKS
                    : site.isReturn() ? RingLayout.LOST_RETURNS : RingLayout.LOST_CALLS;
        }

        private int[] used() {
            int[] always = follows ? new int[] {RAX, RDX, RCX, RSI, RDI, R11} : new int[] {RAX, RDX};
            int[] all = Arrays.copyOf(always, always.length + Math.max(0, layout.levels() - 1));
            System.arraycopy(PARENTS, 0, all, always.length, all.length - always.length);
            return all;
        }

        private int slot(int register) {
            int[] used = used();
            for (int i = 0; i < used.length; i++) {
                if (used[i] == register) {
                    return RingLayout.SAVED + i * WORD;
                }
            }
            return 0;
        }

        private void save() {
            for (int register : used()) {
                code.store(R13, slot(register), register, WORD);
            }
        }

        /** Brings back the registers that were put away, from one to another. */
        private void restore(int from, int to) {
            for (int i = from; i < to; i++) {
                code.load(used()[i], R13, RingLayout.SAVED + i * WORD, WORD);
            }
        }

        /** Leaves the place for the record in RDX. */
        private void reserve() {
            Label full = new Label();
            Label empty = new Label();
            Label begun = new Label();
            code.load(RAX, R13, RingLayout.PRODUCED, WORD);
            code.move(R12, RAX);
            code.computeFrom(Arithmetic.SUB, R12, R13, RingLayout.CONSUMED);
            code.jumpIf(Condition.E, empty);
            code.bind(begun);
            code.computeConstant(
                    Arithmetic.CMP,
                    R12,
                    rings.bytes() - layout.mostBytes() - (growing ? 0 : rings.bytes() / RESERVED_FOR_GROWTHS));
            code.jumpIf(Condition.A, full);
            code.computeFrom(Arithmetic.SUB, RAX, R13, RingLayout.BEGUN);
            code.computeConstant(Arithmetic.AND, RAX, rings.bytes() - 1);
            code.address(RDX, R13, RAX, RingLayout.RECORDS);
            rare.add(() -> {
                code.bind(empty);
                code.store(R13, RingLayout.BEGUN, RAX, WORD);
                code.jump(begun);
                code.bind(full);
                // Who finds the ring taken counts there, too.
                code.incrementLocked(R13, lost());
                code.moveConstant(R12, layout.mostBytes());
                code.computeInto(Arithmetic.ADD, R13, RingLayout.LOST_BYTES, R12);
                code.jump(recorded);
            });
        }

        private void variables() {
            int at = RECORD + Layout.HEAD_BYTES;
            for (SitePlan.Piece piece : site.pieces()) {
                int to = at + piece.offset();
                int size = piece.part().size();
                if (piece.part().location() instanceof Location.IntRegister register) {
                    int from = register.number();
                    // It has been used meanwhile.
                    if (from == RAX) {
                        code.load(R12, R13, slot(RAX), WORD);
                        from = R12;
                    }
                    storeBytes(RDX, to, from, size);
                } else if (piece.part().location() instanceof Location.FloatRegister register) {
                    code.storeFloat(RDX, to, register.index(), size);
                } else if (piece.part().location() instanceof Location.StackSlot slot) {
                    copy(RSP, site.site().frameBytes() + WORD + slot.offset(), to, size);
                }
            }
        }

        private void storeBytes(int base, int to, int from, int size) {
            if (Integer.bitCount(size) == 1) {
                code.store(base, to, from, size);
                return;
            }
            // Part of a struct that the ABI packs: no register has an odd size but where it is all that is left of one.
            throw new IllegalStateException("a register with " + size + " bytes");
        }

        private void copy(int base, int from, int to, int size) {
            int done = 0;
            for (int word = WORD; word > 0; word /= 2) {
                while (size - done >= word) {
                    code.load(R12, base, from + done, word);
                    code.store(RDX, to + done, R12, word);
                    done += word;
                }
            }
        }

        private void head() {
            code.storeConstant(RDX, RECORD + Layout.SITE, number, Integer.BYTES);
            goroutine.thread(R12);
            code.store(RDX, RECORD + Layout.THREAD, R12, Integer.BYTES);
            goroutine.frame(R12, site);
            code.store(RDX, RECORD + Layout.FRAME, R12, WORD);
            goroutine.number(R12);
            code.store(RDX, RECORD + Layout.GOROUTINE, R12, WORD);
            code.storeConstant(RDX, RECORD + Layout.MARKS, growing ? Layout.GROWING : 0, WORD);
        }

        /**
         * Notes the time in the record that R12 leads to. Processors read the counter when all before it is done, and begin nothing behind it before
         * (measured on Sapphire Rapids: as long as an LFENCE waits). So it comes last: what is before it can be done while the program still
         * waits for something else, and what is behind it keeps the program waiting.
         */
        private void time() {
            code.readTimeStampCounter();
            code.shiftLeft(RDX, Integer.SIZE);
            code.compute(Arithmetic.OR, RAX, RDX);
            code.store(R12, RECORD + Layout.TIMESTAMP, RAX, WORD);
        }

        /**
         * Copies what a reference leads to, to where RDI is, and moves that on; then what that leads to.
         *
         * @param parent the register that, with {@code from}, says where the reference is
         */
        private void follow(Layout.Followed followed, int parent, int from, int level) {
            Label next = new Label();
            Label unreadable = new Label();
            int at = from + followed.offset();
            code.load(RSI, parent, at, WORD);
            code.test(RSI);
            code.jumpIf(Condition.E, next);
            if (followed.counted()) {
                code.load(RCX, parent, at + WORD, WORD);
                code.test(RCX);
                code.jumpIf(Condition.LE, next);
                code.moveConstant(R12, followed.most());
                code.compute(Arithmetic.CMP, RCX, R12);
                code.moveIf(Condition.G, RCX, R12);
                if (followed.elementBytes() != 1) {
                    code.multiply(RCX, followed.elementBytes());
                }
            } else {
                code.moveConstant(RCX, (long) followed.elementBytes() * followed.most());
            }
            requireMapped(unreadable);
            if (followed.leadsOn()) {
                code.move(PARENTS[level], RDI);
            }
            copyBytes();
            followed.inner().stream()
                    .flatMap(Optional::stream)
                    .forEach(each -> follow(each, PARENTS[level], 0, level + 1));
            code.bind(next);
            rare.add(() -> {
                code.bind(unreadable);
                code.computeConstantInto(Arithmetic.OR, RDX, RECORD + Layout.MARKS, 2 << followed.id());
                code.jump(next);
            });
        }

        /** Goes on if RCX bytes at RSI are certain to be there: in the program's own segments, or in pages that its heap has used. */
        private void requireMapped(Label unreadable) {
            Label mapped = new Label();
            Label heap = new Label();
            code.moveConstant(R12, image.start());
            code.compute(Arithmetic.CMP, RSI, R12);
            code.jumpIf(Condition.B, heap);
            code.address(R11, RSI, RCX, 0);
            code.moveConstant(R12, image.end());
            code.compute(Arithmetic.CMP, R11, R12);
            code.jumpIf(Condition.BE, mapped);
            code.bind(heap);
            code.move(R11, RSI);
            requireInHeap(unreadable);
            code.address(R11, RSI, RCX, -1);
            code.move(R12, R11);
            code.compute(Arithmetic.XOR, R12, RSI);
            code.shiftRight(R12, PAGE_SHIFT);
            code.jumpIf(Condition.E, mapped);
            requireInHeap(unreadable);
            code.bind(mapped);
        }

        /** The same for the page of the address in R11. */
        private void requireInHeap(Label unreadable) {
            code.moveConstant(RAX, internals.arenas() + bias);
            code.load(RAX, RAX, 0, WORD);
            code.test(RAX);
            code.jumpIf(Condition.E, unreadable);
            code.move(R12, R11);
            code.shiftRight(R12, ARENA_SHIFT);
            code.computeConstant(Arithmetic.CMP, R12, LOWER_ARENAS);
            code.jumpIf(Condition.AE, unreadable);
            code.load(RAX, RAX, R12, WORD, LOWER_ARENAS * WORD, WORD);
            code.test(RAX);
            code.jumpIf(Condition.E, unreadable);
            code.move(R12, R11);
            code.shiftRight(R12, PAGE_SHIFT);
            code.computeConstant(Arithmetic.AND, R12, PAGES_OF_ARENA - 1);
            code.compareWord(RAX, R12, WORD, internals.spans(), 0);
            code.jumpIf(Condition.E, unreadable);
        }

        /** Copies RCX bytes, at least one, from RSI to RDI, and moves RDI on to the next word. */
        private void copyBytes() {
            Label small = new Label();
            Label loop = new Label();
            Label tiny = new Label();
            Label copied = new Label();
            code.address(RAX, RCX, CaptureLimits.padded(1) - 1);
            code.computeConstant(Arithmetic.AND, RAX, -WORD);
            code.computeConstant(Arithmetic.CMP, RCX, WORD);
            code.jumpIf(Condition.B, small);
            // The last words overlap the first one where it is no whole number of them.
            code.load(R12, RSI, 0, WORD);
            code.store(RDI, 0, R12, WORD);
            code.bind(loop);
            code.load(R12, RSI, RCX, 1, -WORD, WORD);
            code.store(RDI, RCX, 1, -WORD, R12, WORD);
            code.computeConstant(Arithmetic.SUB, RCX, WORD);
            code.computeConstant(Arithmetic.CMP, RCX, WORD);
            code.jumpIf(Condition.A, loop);
            code.jump(copied);
            code.bind(small);
            code.testByte(RCX, Integer.BYTES);
            code.jumpIf(Condition.E, tiny);
            code.load(R12, RSI, 0, Integer.BYTES);
            code.store(RDI, 0, R12, Integer.BYTES);
            code.load(R12, RSI, RCX, 1, -Integer.BYTES, Integer.BYTES);
            code.store(RDI, RCX, 1, -Integer.BYTES, R12, Integer.BYTES);
            code.jump(copied);
            code.bind(tiny);
            code.load(R12, RSI, 0, 1);
            code.store(RDI, 0, R12, 1);
            code.testByte(RCX, Short.BYTES);
            code.jumpIf(Condition.E, copied);
            code.load(R12, RSI, RCX, 1, -Short.BYTES, Short.BYTES);
            code.store(RDI, RCX, 1, -Short.BYTES, R12, Short.BYTES);
            code.bind(copied);
            code.compute(Arithmetic.ADD, RDI, RAX);
        }
    }
}
