package dev.tracetoll.tracing.registry;

import dev.tracetoll.tracing.registry.Insight.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * All techniques, each in one entry. How a tracer is made is no part of it, for that takes the technique's own classes: {@code bench.Techniques} has it,
 * under the same names.
 */
public final class TechniqueRegistry {

    /** Half of an interval's width at most, as a share of the overhead. */
    private static final double PRECISION_OF_EBPF = 0.02;
    /** The same where a call costs some tens of ns, which a burst is hardly longer for. */
    private static final double PRECISION_OF_INLINE = 0.1;
    /** The same where each stop depends on what the scheduler does. */
    private static final double PRECISION_OF_PTRACE = 0.05;

    private static final String EMPTY = "ebpf-empty";
    private static final String BOTH_EMPTY = "ebpf-empty-returns";
    private static final String PATCHED_EMPTY = "ebpf-patched-empty";
    private static final String STOP = "ptrace-floor";
    private static final String NOTE = "source-floor";
    private static final String NOTE_BOTH = "source-floor-returns";

    /** Those that there are, in the order in which they are told. */
    public static final TechniqueRegistry ALL = new TechniqueRegistry(List.of(
            TechniqueFacts.unknown("untraced"),
            ebpf("ebpf").called("eBPF").telling(Level.RESULTS).roughly(20_000).over(BOTH_EMPTY),
            ptrace("ptrace")
                    .called("ptrace")
                    .telling(Level.RESULTS)
                    .roughly(30_000)
                    .over(STOP, STOP),
            inline("inline")
                    .called("inline jumps")
                    .telling(Level.RESULTS)
                    .roughly(200)
                    .over(NOTE_BOTH),
            inline("inline-arguments")
                    .called("inline jumps without returns")
                    .telling(Level.ARGUMENTS)
                    .roughly(100)
                    .over(NOTE),
            inline("inline-count")
                    .called("an inline counter")
                    .telling(Level.COUNT)
                    .roughly(10),
            inline("inline-durations")
                    .called("an inline stopwatch")
                    .telling(Level.COUNT)
                    .withReturns()
                    .roughly(100),
            TechniqueFacts.of("ebpf-patched", Mechanism.EBPF_PATCHED, PRECISION_OF_EBPF)
                    .called("patched eBPF")
                    .telling(Level.RESULTS)
                    .roughly(1_500)
                    .over(PATCHED_EMPTY),
            TechniqueFacts.of(PATCHED_EMPTY, Mechanism.EBPF_PATCHED, PRECISION_OF_EBPF)
                    .withReturns()
                    .roughly(1_000),
            ebpf("ebpf-unhit"),
            ebpf(EMPTY).roughly(1_000),
            ebpf("ebpf-readings").roughly(1_000).over(EMPTY),
            ebpf(BOTH_EMPTY).withReturns().roughly(20_000),
            ebpf("ebpf-count")
                    .called("an eBPF counter")
                    .telling(Level.COUNT)
                    .roughly(1_000)
                    .over(EMPTY),
            ebpf("ebpf-durations")
                    .called("an eBPF stopwatch")
                    .telling(Level.COUNT)
                    .withReturns()
                    .roughly(30_000),
            ebpf("ebpf-arguments")
                    .called("eBPF without returns")
                    .telling(Level.ARGUMENTS)
                    .roughly(1_500)
                    .over(EMPTY),
            ebpf("ebpf-forgetful").telling(Level.ARGUMENTS).roughly(1_500).over(EMPTY),
            ebpf("ebpf-interpreted").telling(Level.ARGUMENTS).roughly(1_500).over(EMPTY),
            ebpf("ebpf-wakeup").telling(Level.RESULTS).roughly(100_000).over(BOTH_EMPTY),
            ebpf("ebpf-value-records").telling(Level.RESULTS).roughly(150_000).over(BOTH_EMPTY),
            ptrace("ptrace-arguments")
                    .called("ptrace without returns")
                    .telling(Level.ARGUMENTS)
                    .roughly(25_000)
                    .over(STOP),
            ptrace("ptrace-step").telling(Level.RESULTS).roughly(200_000).over(STOP, STOP),
            ptrace("ptrace-classic")
                    .called("a debugger's breakpoints")
                    .telling(Level.RESULTS)
                    .roughly(250_000)
                    .over(STOP, STOP),
            ptrace(STOP).counting().roughly(25_000),
            TechniqueFacts.of(NOTE, Mechanism.SOURCE, PRECISION_OF_INLINE).roughly(50),
            TechniqueFacts.of(NOTE_BOTH, Mechanism.SOURCE, PRECISION_OF_INLINE)
                    .withReturns()
                    .roughly(80),
            TechniqueFacts.of("source-ring", Mechanism.SOURCE, PRECISION_OF_INLINE)
                    .called("a ring in the program's source")
                    .telling(Level.RESULTS)
                    .roughly(100),
            TechniqueFacts.of("source-region", Mechanism.SOURCE, PRECISION_OF_PTRACE)
                    .called("regions of runtime/trace in the program's source")
                    .telling(Level.CALLS)
                    .withReturns()
                    .roughly(1_000),
            TechniqueFacts.of("source-slog", Mechanism.SOURCE, PRECISION_OF_PTRACE)
                    .called("log lines in the program's source")
                    .telling(Level.RESULTS)
                    .roughly(5_000),
            ebpf("syscall-ebpf")
                    .called("eBPF tracepoints")
                    .ofSystemCalls()
                    .telling(Level.RESULTS)
                    .roughly(1_000),
            ptrace("syscall-seccomp")
                    .called("ptrace behind a seccomp filter")
                    .ofSystemCalls()
                    .telling(Level.RESULTS)
                    .roughly(150_000),
            ptrace("syscall-ptrace")
                    .called("ptrace")
                    .ofSystemCalls()
                    .telling(Level.RESULTS)
                    .roughly(150_000),
            peer("bpftrace", Mechanism.EBPF)
                    .called("bpftrace")
                    .telling(Level.COUNT)
                    .roughly(25_000),
            peer("perf", Mechanism.PERF).called("perf").telling(Level.CALLS).roughly(30_000),
            // Delve prints "unreadable" for the results of optimised programs, and with --ebpf no result at all of what
            // it takes.
            peer("dlv-ebpf", Mechanism.EBPF)
                    .called("Delve's eBPF")
                    .telling(Level.RETURNS)
                    .roughly(150_000),
            peer("gdb", Mechanism.PTRACE).called("gdb").telling(Level.COUNT).roughly(400_000),
            peer("dlv", Mechanism.PTRACE).called("Delve").telling(Level.RETURNS).roughly(5_000_000),
            peer("bpftrace-syscall", Mechanism.EBPF)
                    .called("bpftrace")
                    .ofSystemCalls()
                    .telling(Level.COUNT)
                    .roughly(1_000),
            peer("bpftrace-syscall-print", Mechanism.EBPF)
                    .called("a bpftrace that prints")
                    .ofSystemCalls()
                    .telling(Level.RESULTS)
                    .roughly(5_000),
            peer("perf-trace", Mechanism.PERF)
                    .called("perf trace")
                    .ofSystemCalls()
                    .telling(Level.RESULTS)
                    .roughly(20_000),
            peer("strace-seccomp", Mechanism.PTRACE)
                    .called("strace behind a seccomp filter")
                    .ofSystemCalls()
                    .telling(Level.RESULTS)
                    .roughly(150_000),
            peer("strace", Mechanism.PTRACE)
                    .called("strace")
                    .ofSystemCalls()
                    .telling(Level.RESULTS)
                    .roughly(200_000)));

    private static final Pattern DELAYED = Pattern.compile("(.+)" + TechniqueFacts.DELAYED_BY + "(\\d{1,5})");

    private final Map<String, TechniqueFacts> byName = new LinkedHashMap<>();

    /** @throws IllegalArgumentException if two have the same name, or one has a floor that is none of them */
    public TechniqueRegistry(List<TechniqueFacts> techniques) {
        techniques.forEach(each -> {
            if (byName.put(each.name(), each) != null) {
                throw new IllegalArgumentException("two techniques are called " + each.name());
            }
        });
        techniques.forEach(each -> each.floor().stream()
                .filter(floor -> !byName.containsKey(floor))
                .forEach(floor -> {
                    throw new IllegalArgumentException(
                            "the floor " + floor + " of the technique " + each.name() + " is no technique");
                }));
    }

    private static TechniqueFacts ebpf(String name) {
        return TechniqueFacts.of(name, Mechanism.EBPF, PRECISION_OF_EBPF);
    }

    private static TechniqueFacts inline(String name) {
        return TechniqueFacts.of(name, Mechanism.INLINE, PRECISION_OF_INLINE);
    }

    private static TechniqueFacts ptrace(String name) {
        return TechniqueFacts.of(name, Mechanism.PTRACE, PRECISION_OF_PTRACE);
    }

    private static TechniqueFacts peer(String name, Mechanism mechanism) {
        return TechniqueFacts.ofPeer(name, mechanism);
    }

    /** The same with another technique. */
    public TechniqueRegistry with(TechniqueFacts another) {
        return new TechniqueRegistry(
                Stream.concat(byName.values().stream(), Stream.of(another)).toList());
    }

    /** Their names, without those of variants. */
    public List<String> names() {
        return List.copyOf(byName.keySet());
    }

    /** A technique, or a variant of one: at the functions' entries, or slowed down; empty if this version knows none of that name. */
    public Optional<TechniqueFacts> find(String name) {
        if (byName.containsKey(name)) {
            return Optional.of(byName.get(name));
        }
        if (name.endsWith(TechniqueFacts.AT_ENTRY)) {
            return find(name.substring(0, name.length() - TechniqueFacts.AT_ENTRY.length()))
                    .map(TechniqueFacts::movedToEntry);
        }
        Matcher delayed = DELAYED.matcher(name);
        return delayed.matches()
                ? Optional.ofNullable(byName.get(delayed.group(1)))
                        .map(of -> of.delayedBy(Integer.parseInt(delayed.group(2))))
                : Optional.empty();
    }

    /** What is known of whatever a result file names: of what this version does not know nothing but the name. */
    public TechniqueFacts facts(String name) {
        return find(name).orElseGet(() -> TechniqueFacts.unknown(name));
    }

    /** Whether a technique is the floor of others. */
    public boolean isFloor(String name) {
        return byName.values().stream().anyMatch(each -> each.floor().contains(name));
    }
}
