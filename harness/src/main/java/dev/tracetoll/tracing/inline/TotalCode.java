package dev.tracetoll.tracing.inline;

import dev.tracetoll.golang.RuntimeInternals;
import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.tracing.DurationBuckets;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.x86.Assembler;
import dev.tracetoll.x86.Assembler.Arithmetic;
import dev.tracetoll.x86.Assembler.Label;
import dev.tracetoll.x86.Condition;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Writes code that counts calls, or measures them, in the process itself.
 *
 * <p>Whatever interrupts it, nothing is lost: a count is one instruction on the copy of the processor that the thread has, or one that is locked
 * where several threads may have the copy. When a call began is noted under its goroutine, which runs on one thread at a time, and its place on the
 * stack; a note belongs to who has put its goroutine there, in one piece for all processors, and nobody waits for anybody.
 */
final class TotalCode implements Trampoline.SiteCode {

    // By the numbers that instructions use.
    private static final int RAX = 0;
    private static final int RCX = 1;
    private static final int RDX = 2;
    private static final int R12 = 12;
    private static final int R13 = 13;

    private static final int WORD = Long.BYTES;
    private static final int SUB_BUCKET_BITS = Integer.numberOfTrailingZeros(DurationBuckets.SUB_BUCKETS);

    /**
     * Spread what differs in goroutine and place over all bits: 2^64 divided by the golden ratio spreads multiples best (Knuth, TAOCP 3, 6.4), and
     * the other is a prime.
     */
    private static final long HASH = 0x9e3779b97f4a7c15L;

    private static final int HASH_OF_GOROUTINE = 0x01000193;

    /** Durations are told from the counter by a factor with so many binary places. */
    static final int FACTOR_BITS = 32;

    private final TracePlan plan;
    private final Collect collect;
    private final RuntimeInternals internals;
    private final TotalsLayout layout;
    private final long factor;
    private final Map<TracedFunction, Integer> functions;

    /**
     * @param functions the number of each
     * @param factor how many ns there are to a count of the processor's counter, times 2 to the {@link #FACTOR_BITS}
     */
    TotalCode(
            TracePlan plan,
            Collect collect,
            RuntimeInternals internals,
            TotalsLayout layout,
            Map<TracedFunction, Integer> functions,
            long factor) {
        this.plan = plan;
        this.collect = collect;
        this.internals = internals;
        this.layout = layout;
        this.factor = factor;
        this.functions = functions;
    }

    @Override
    public void write(Assembler code, int number, boolean growing, List<Runnable> rare) {
        SitePlan site = plan.sites().get(number);
        TracedFunction function = site.function();
        // A call that grows its stack comes again.
        if (collect == Collect.NOTHING || growing || function == null) {
            return;
        }
        Counter counter = new Counter(code, site, function, rare);
        if (collect == Collect.COUNT) {
            counter.count(number * WORD);
        } else if (site.isReturn()) {
            counter.end();
        } else {
            counter.begin();
        }
    }

    /** Writes the code for one site. */
    private final class Counter {
        private final Assembler code;
        private final SitePlan site;
        private final List<Runnable> rare;
        private final CurrentGoroutine goroutine;
        private final int function;
        private final int totals;
        private final boolean timed;
        private final boolean shares;

        Counter(Assembler code, SitePlan site, TracedFunction function, List<Runnable> rare) {
            this.code = code;
            this.site = site;
            this.rare = rare;
            this.function = functions.getOrDefault(function, 0);
            goroutine = new CurrentGoroutine(code, rare, plan.request().runtime(), internals);
            totals = this.function * TotalsLayout.FORMAT.bytes();
            timed = !function.returns().isEmpty();
            shares = mayShare(function);
        }

        /**
         * Whether its thread may lose the processor meanwhile: to another one, which takes it from a thread that is in a system call. Nothing that
         * checks its stack runs there but the runtime itself ({@code runtime/proc.go}, entersyscall).
         */
        private static boolean mayShare(TracedFunction function) {
            return function.entry().check().isEmpty()
                    || function.name().startsWith("runtime.")
                    || function.name().startsWith("internal/runtime/");
        }

        /** Adds one to a word of the totals. */
        void count(int at) {
            inTotals(R12, locked -> {
                code.moveConstant(R12, 1);
                add(at, R12, locked);
            });
        }

        private void add(int at, int from, boolean locked) {
            if (locked) {
                code.computeLocked(Arithmetic.ADD, R13, at, from);
            } else {
                code.computeInto(Arithmetic.ADD, R13, at, from);
            }
        }

        /**
         * Does something to the totals, which are where R13 leads.
         *
         * @param temporary a register that nothing is in
         * @param update told whether others may do the same meanwhile
         */
        private void inTotals(int temporary, Consumer<Boolean> update) {
            if (layout.processors() == 0) {
                code.moveConstant(R13, layout.last());
                update.accept(true);
                return;
            }
            Label none = new Label();
            Label updated = new Label();
            goroutine.processor(R13, layout.processors(), none);
            code.multiply(R13, layout.copyBytes());
            code.moveConstant(temporary, layout.first());
            code.compute(Arithmetic.ADD, R13, temporary);
            update.accept(shares);
            code.bind(updated);
            rare.add(() -> {
                code.bind(none);
                code.moveConstant(R13, layout.last());
                update.accept(true);
                code.jump(updated);
            });
        }

        /** Counts a call, and notes when it began. */
        void begin() {
            count(totals + TotalsLayout.FORMAT.calls());
            if (!timed) {
                return;
            }
            FreedRegisters freed = FreedRegisters.of(site).orElseThrow();
            freed.free(code);
            Label scan = new Label();
            Label same = new Label();
            Label next = new Label();
            Label seek = new Label();
            Label taken = new Label();
            Label again = new Label();
            Label full = new Label();
            Label claimed = new Label();
            Label done = new Label();
            findBucket();
            code.bind(scan);
            code.computeFrom(Arithmetic.CMP, R12, RCX, TotalsLayout.GOROUTINE);
            code.jumpIf(Condition.E, same);
            code.bind(next);
            nextNote();
            code.jumpIf(Condition.NE, scan);
            code.computeConstant(Arithmetic.SUB, RCX, TotalsLayout.FRAME);
            code.bind(seek);
            code.load(RAX, RCX, TotalsLayout.GOROUTINE, WORD);
            code.test(RAX);
            code.jumpIf(Condition.NE, taken);
            exchange(TotalsLayout.WRITING);
            code.jumpIf(Condition.NE, again);
            code.bind(claimed);
            code.store(RCX, TotalsLayout.FRAME, R13, WORD);
            code.storeConstant(RCX, TotalsLayout.FUNCTION, function, WORD);
            time();
            code.store(RCX, TotalsLayout.SINCE, RAX, WORD);
            code.store(RCX, TotalsLayout.GOROUTINE, R12, WORD);
            code.bind(done);
            freed.restore(code);
            rare.add(() -> {
                code.bind(taken);
                nextNote();
                code.jumpIf(Condition.NE, seek);
                code.jump(full);
                code.bind(again);
                code.computeConstant(Arithmetic.AND, RCX, -TotalsLayout.FRAME);
                code.jump(seek);
                replace(same, next, claimed);
                evict(full, claimed, done);
            });
        }

        /** Of every two calls at one place the first must have ended, and its return was not seen. */
        private void replace(Label same, Label next, Label claimed) {
            code.bind(same);
            code.computeFrom(Arithmetic.CMP, R13, RCX, TotalsLayout.FRAME);
            code.jumpIf(Condition.NE, next);
            code.move(RAX, R12);
            exchange(TotalsLayout.WRITING);
            code.jumpIf(Condition.NE, next);
            code.load(RDX, RCX, TotalsLayout.FUNCTION, WORD);
            countReplaced(RDX, RAX);
            code.jump(claimed);
        }

        /** @param of has the number of the function of a call that another one has taken the place of */
        private void countReplaced(int of, int temporary) {
            code.multiply(of, TotalsLayout.FORMAT.bytes());
            code.moveConstant(temporary, layout.last());
            code.compute(Arithmetic.ADD, of, temporary);
            code.incrementLocked(of, TotalsLayout.FORMAT.replaced());
        }

        /** Takes the note of the call that has been open the longest. If it has just gone, or is being written, this call is not noted. */
        private void evict(Label full, Label claimed, Label done) {
            Label older = new Label();
            Label younger = new Label();
            Label chosen = new Label();
            code.bind(full);
            code.computeConstant(Arithmetic.SUB, RCX, TotalsLayout.FRAME);
            code.bind(older);
            code.load(RAX, RCX, TotalsLayout.SINCE, WORD);
            code.move(RDX, RCX);
            code.bind(younger);
            nextNote();
            code.jumpIf(Condition.E, chosen);
            code.computeFrom(Arithmetic.CMP, RAX, RCX, TotalsLayout.SINCE);
            code.jumpIf(Condition.A, older);
            code.jump(younger);
            code.bind(chosen);
            code.move(RCX, RDX);
            code.load(RAX, RCX, TotalsLayout.GOROUTINE, WORD);
            code.computeConstant(Arithmetic.CMP, RAX, (int) TotalsLayout.WRITING);
            code.jumpIf(Condition.E, done);
            exchange(TotalsLayout.WRITING);
            code.jumpIf(Condition.E, claimed);
            code.jump(done);
        }

        /** Counts a return, and how long its call took. */
        void end() {
            FreedRegisters freed = FreedRegisters.of(site).orElseThrow();
            freed.free(code);
            Label scan = new Label();
            Label found = new Label();
            Label next = new Label();
            Label other = new Label();
            Label unmatched = new Label();
            Label counted = new Label();
            findBucket();
            code.bind(scan);
            code.computeFrom(Arithmetic.CMP, R12, RCX, TotalsLayout.GOROUTINE);
            code.jumpIf(Condition.NE, next);
            code.computeFrom(Arithmetic.CMP, R13, RCX, TotalsLayout.FRAME);
            code.jumpIf(Condition.E, found);
            code.bind(next);
            nextNote();
            code.jumpIf(Condition.NE, scan);
            code.jump(unmatched);
            code.bind(found);
            code.move(RAX, R12);
            code.load(R12, RCX, TotalsLayout.SINCE, WORD);
            code.load(R13, RCX, TotalsLayout.FUNCTION, WORD);
            // If the note can be given back, it was there all the time, and what was read is whole.
            exchange(0);
            code.jumpIf(Condition.NE, unmatched);
            code.computeConstant(Arithmetic.CMP, R13, function);
            code.jumpIf(Condition.NE, other);
            duration();
            bucket();
            inTotals(RDX, this::addDuration);
            code.bind(counted);
            freed.restore(code);
            rare.add(() -> {
                code.bind(other);
                countReplaced(R13, RAX);
                code.bind(unmatched);
                inTotals(RDX, locked -> {
                    code.moveConstant(RCX, 1);
                    add(totals + TotalsLayout.FORMAT.returns(), RCX, locked);
                    add(totals + TotalsLayout.FORMAT.unmatched(), RCX, locked);
                });
                code.jump(counted);
            });
        }

        /** Leaves the goroutine in R12, the place of the call in R13, and in RCX where the bucket is of notes of such calls. */
        private void findBucket() {
            goroutine.number(R12);
            goroutine.frame(R13, site);
            code.move(RCX, R12);
            code.multiply(RCX, HASH_OF_GOROUTINE);
            code.compute(Arithmetic.ADD, RCX, R13);
            code.moveConstant(RAX, HASH);
            code.multiplyRegister(RCX, RAX);
            code.shiftRight(RCX, Long.SIZE - TotalsLayout.BUCKETS_LOG2);
            code.shiftLeft(RCX, Integer.numberOfTrailingZeros(TotalsLayout.BUCKET_BYTES));
            code.moveConstant(RAX, layout.address());
            code.compute(Arithmetic.ADD, RCX, RAX);
        }

        /** Moves RCX on to the next note; the flags say that it is equal if there is none. */
        private void nextNote() {
            code.computeConstant(Arithmetic.ADD, RCX, WORD);
            code.testByte(RCX, TotalsLayout.FRAME - 1);
        }

        /** Gives the note that RCX leads to to another goroutine, if it is that of the one in RAX: then the flags say that it is equal. */
        private void exchange(long goroutineNumber) {
            code.moveConstant(RDX, goroutineNumber);
            code.compareExchangeLocked(RCX, TotalsLayout.GOROUTINE, RDX);
        }

        /** Leaves the processor's counter in RAX. */
        private void time() {
            code.readTimeStampCounter();
            code.shiftLeft(RDX, Integer.SIZE);
            code.compute(Arithmetic.OR, RAX, RDX);
        }

        /** Leaves in RAX and R12 how many ns have gone by since R12. */
        private void duration() {
            Label early = new Label();
            Label late = new Label();
            time();
            code.compute(Arithmetic.SUB, RAX, R12);
            code.jumpIf(Condition.B, early);
            code.bind(late);
            code.moveConstant(RDX, factor);
            code.multiplyWide(RDX);
            code.shiftRight(RAX, RDX, FACTOR_BITS);
            code.move(R12, RAX);
            rare.add(() -> {
                // Counters of two processors may differ by less than it takes to get from one to the other, and no
                // more.
                code.bind(early);
                code.moveConstant(RAX, 0);
                code.jump(late);
            });
        }

        /** Leaves in RAX the bucket of the duration there: see {@link DurationBuckets#of}. */
        private void bucket() {
            code.moveConstant(RCX, DurationBuckets.LONGEST_NS);
            code.compute(Arithmetic.CMP, RAX, RCX);
            code.moveIf(Condition.A, RAX, RCX);
            code.move(RCX, RAX);
            code.computeConstant(Arithmetic.OR, RCX, DurationBuckets.SUB_BUCKETS);
            code.highestBit(RCX, RCX);
            code.computeConstant(Arithmetic.SUB, RCX, SUB_BUCKET_BITS);
            code.shiftRightByCount(RAX);
            code.shiftLeft(RCX, SUB_BUCKET_BITS);
            code.compute(Arithmetic.ADD, RAX, RCX);
        }

        /** Adds the duration in R12, whose bucket is in RAX. */
        private void addDuration(boolean locked) {
            code.moveConstant(RCX, 1);
            add(totals + TotalsLayout.FORMAT.returns(), RCX, locked);
            add(totals + TotalsLayout.FORMAT.sumNs(), R12, locked);
            raise(totals + TotalsLayout.FORMAT.longestNs(), locked);
            code.computeConstant(Arithmetic.XOR, R12, -1);
            raise(totals + TotalsLayout.FORMAT.shortestNs(), locked);
            code.shiftLeft(RAX, Integer.numberOfTrailingZeros(WORD));
            code.compute(Arithmetic.ADD, R13, RAX);
            add(totals + TotalsLayout.FORMAT.bucket(), RCX, locked);
        }

        /** Lets a word of the totals be no less than R12. */
        private void raise(int at, boolean locked) {
            Label less = new Label();
            Label raised = new Label();
            code.computeFrom(Arithmetic.CMP, R12, R13, at);
            code.jumpIf(Condition.A, less);
            code.bind(raised);
            rare.add(() -> {
                Label tried = new Label();
                code.bind(less);
                code.move(RDX, RAX);
                code.load(RAX, R13, at, WORD);
                code.bind(tried);
                code.compute(Arithmetic.CMP, RAX, R12);
                Label enough = new Label();
                code.jumpIf(Condition.AE, enough);
                if (locked) {
                    code.compareExchangeLocked(R13, at, R12);
                } else {
                    code.compareExchange(R13, at, R12);
                }
                code.jumpIf(Condition.NE, tried);
                code.bind(enough);
                code.move(RAX, RDX);
                code.jump(raised);
            });
        }
    }
}
