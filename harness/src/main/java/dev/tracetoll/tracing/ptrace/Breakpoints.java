package dev.tracetoll.tracing.ptrace;

import dev.tracetoll.linux.ptrace.ProcessMemory;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.process.CodeWord;
import dev.tracetoll.process.PatchedCode;
import dev.tracetoll.process.Tracee;
import dev.tracetoll.tracing.plan.SitePlan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The breakpoints of a session. */
final class Breakpoints {

    private final PatchedCode code;
    private final ProcessMemory memory;
    private final Map<Long, Breakpoint> byAddress = new HashMap<>();
    /** Those that are still to be planted, by their words. */
    private final Map<CodeWord, Long> rest = new LinkedHashMap<>();
    /** The one last found, likely the next too. */
    private @Nullable Breakpoint last;

    Breakpoints(ProcessMemory memory, PatchedCode code) {
        this.memory = memory;
        this.code = code;
    }

    /** The breakpoint that a thread has just executed; null if there is none. */
    @Nullable
    Breakpoint before(long instructionPointer) {
        long address = instructionPointer - 1;
        if (last == null || last.address != address) {
            Breakpoint found = byAddress.get(address);
            last = found != null ? found : last;
            return found;
        }
        return last;
    }

    /**
     * Plants a breakpoint at every site. All threads of the process are stopped.
     *
     * @param tracee a stopped thread
     * @param bias what to add to a site's address
     * @param later which of them may wait for {@link #plantRest}
     * @throws OperationFailed if the code is not what the file says; what was planted stays to be removed
     */
    void plant(Tracee tracee, List<HitReader> readers, long bias, Predicate<SitePlan> later) {
        Map<Long, List<Breakpoint>> byWord = new HashMap<>();
        for (HitReader reader : readers) {
            long address = reader.plan().site().address() + bias;
            byAddress
                    .computeIfAbsent(address, where -> {
                        Breakpoint breakpoint = new Breakpoint(where);
                        byWord.computeIfAbsent(CodeWord.addressOf(where), word -> new ArrayList<>())
                                .add(breakpoint);
                        return breakpoint;
                    })
                    .readers
                    .add(reader);
        }
        byWord.forEach((address, breakpoints) -> plant(tracee, address, breakpoints, later));
    }

    /** Plants those that have waited. */
    void plantRest(Tracee tracee) {
        rest.forEach((word, lengths) -> code.plant(tracee, word, lengths));
        rest.clear();
    }

    private void plant(Tracee tracee, long address, List<Breakpoint> breakpoints, Predicate<SitePlan> later) {
        OptionalLong original = memory.readLong(tracee.thread(), address);
        long armed = original.orElseThrow(() -> unexpected(breakpoints.get(0), "cannot be read"));
        long lengths = 0;
        for (Breakpoint breakpoint : breakpoints) {
            SitePlan plan = breakpoint.readers.get(0).plan();
            byte found = CodeWord.byteAt(original.getAsLong(), breakpoint.address);
            if (found != plan.site().instruction().bytes()[0]) {
                throw unexpected(
                        breakpoint,
                        found == Breakpoint.INT3
                                ? "has a breakpoint of somebody else; end the other tracer first"
                                : "differs from the file; trace with the file the process was started from");
            }
            armed = CodeWord.withByte(armed, breakpoint.address, Breakpoint.INT3);
            lengths = CodeWord.withByte(lengths, breakpoint.address, (byte)
                    plan.site().instruction().length());
        }
        CodeWord word = new CodeWord(address, original.getAsLong(), armed);
        breakpoints.forEach(breakpoint -> breakpoint.word = word);
        boolean waits = breakpoints.stream()
                .flatMap(breakpoint -> breakpoint.readers.stream())
                .map(HitReader::plan)
                .allMatch(later);
        if (waits) {
            rest.put(word, lengths);
        } else {
            code.plant(tracee, word, lengths);
        }
    }

    private static OperationFailed unexpected(Breakpoint breakpoint, String what) {
        return new OperationFailed(
                "the code of " + breakpoint.readers.get(0).plan().name() + " at 0x"
                        + Long.toHexString(breakpoint.address) + " " + what);
    }

    /**
     * Takes one away for good, while its neighbours stay; other threads may have executed it and will be reported. False if the thread is dying.
     *
     * @param tracee a stopped thread
     */
    boolean takeAway(Tracee tracee, Breakpoint breakpoint) {
        CodeWord old = breakpoint.word;
        CodeWord now = new CodeWord(old.address(), old.original(), old.lifted(breakpoint.address));
        byAddress.values().stream()
                .filter(each -> each.word.address() == old.address())
                .forEach(each -> each.word = now);
        return code.write(tracee, now.address(), now.armed());
    }

    /** They are gone with the memory they were in. */
    void forget() {
        byAddress.clear();
        rest.clear();
        last = null;
    }

    /** All that are planted, or will be. */
    Collection<Breakpoint> all() {
        return byAddress.values();
    }

    /** Puts the displaced instruction back; false if the thread is dying. */
    boolean lift(Tracee tracee, Breakpoint breakpoint) {
        return code.write(tracee, breakpoint.word.address(), breakpoint.word.lifted(breakpoint.address));
    }

    /** Undoes {@link #lift}; false if the thread is dying. */
    boolean rearm(Tracee tracee, Breakpoint breakpoint) {
        return code.write(tracee, breakpoint.word.address(), breakpoint.word.armed());
    }
}
