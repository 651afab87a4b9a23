package dev.tracetoll.bench.prices;

import dev.tracetoll.bench.Measurement;
import dev.tracetoll.bench.TargetLauncher;
import dev.tracetoll.bench.Techniques;
import dev.tracetoll.bench.TracedTarget;
import dev.tracetoll.burst.TargetProgram;
import dev.tracetoll.problem.Failing;
import dev.tracetoll.problem.Inconclusive;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.problem.Problem;
import dev.tracetoll.results.CpuPlacement;
import dev.tracetoll.tracing.Technique;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * Measures {@link Prices} on our own target, within some seconds. Unlike a run of {@code bench} it makes no process of each round: starting and
 * warming them up would take most of the time, and a price need not be as sure as what is published.
 */
public final class PriceMeasurement {

    /** Its function has a stack check, a push that the kernel emulates and a return that it steps over: one site of each kind. */
    private static final String TARGET = "calls";

    private static final String COUNT = "ebpf-count";
    private static final String ARGUMENTS = "ebpf-arguments";
    private static final String AT_ENTRY = "ebpf-entry";
    private static final String EBPF = Technique.EBPF.name();
    private static final String PATCHED = Technique.EBPF_PATCHED.name();
    private static final String INLINE_ARGUMENTS = "inline-arguments";
    private static final String INLINE = Technique.INLINE.name();
    private static final String PTRACE_ARGUMENTS = "ptrace-arguments";
    private static final String PTRACE = Technique.PTRACE.name();

    /** As on a machine of which nothing is left: there a stop wakes no CPU that sleeps, and the tracer runs when the thread does not. */
    private static final String SHARED = " on one CPU";

    /** Of the arms that have their calls so, beside others of the same technique that may not. */
    private static final String ROW = " in a row";

    private static final String APART = " apart";

    /** How the calls come that are measured. */
    private enum Calls {
        /** So many that the first few do not tell, and so few that a burst is over within a time slice of the scheduler. */
        IN_A_ROW(100, 5, List.of()),
        /**
         * The target waits and uses memory before each burst, as programs do between calls. The first call after that costs more than those that
         * follow it at once, as the kernel and the tracer find other things in the caches: up to twice as much. Programs have both kinds; three are
         * the middle.
         */
        AT_WORK(3, 100, List.of("-work-between")),
        /** The same for longer, where an event takes the tracer so little that what it does once for a request would tell. */
        LONG_AT_WORK(3, 300, List.of("-work-between")),
        /** One by one, after a while in which nobody but the target has done anything, so that what has to be woken is asleep. */
        ALONE(1, 20, List.of("-compute-between"));

        private final int calls;
        /** Of a request: what a tracer does once for each of them does not tell. */
        private final int bursts;

        private final List<String> arguments;

        Calls(int calls, int bursts, List<String> arguments) {
            this.calls = calls;
            this.bursts = bursts;
            this.arguments = arguments;
        }
    }

    private static final List<Arm> ARMS = Stream.of(
                    arms(
                            "",
                            CpuPlacement.UNPINNED,
                            Calls.AT_WORK,
                            Technique.UNTRACED.name(),
                            COUNT,
                            ARGUMENTS,
                            AT_ENTRY,
                            EBPF),
                    arms("", CpuPlacement.UNPINNED, Calls.LONG_AT_WORK, PATCHED, INLINE_ARGUMENTS, INLINE),
                    // Stops in a row come on one CPU; what comes apart has to wake another.
                    arms(APART, CpuPlacement.UNPINNED, Calls.ALONE, PTRACE),
                    arms(
                            ROW,
                            CpuPlacement.UNPINNED,
                            Calls.IN_A_ROW,
                            Technique.UNTRACED.name(),
                            PTRACE_ARGUMENTS,
                            PTRACE),
                    arms(SHARED, CpuPlacement.ONE_CORE, Calls.IN_A_ROW, PTRACE_ARGUMENTS, PTRACE))
            .flatMap(arms -> arms)
            .toList();

    /** What is measured. */
    private record Arm(String name, String technique, CpuPlacement placement, Calls calls) {}

    /** What launching takes of the time, roughly. */
    private static final double LAUNCHES_SHARE = 0.6;

    /** Turns of each, mixed with those of all others. */
    private static final int TURNS = 20;

    /** Until the just-in-time compiler has compiled what an event runs through. */
    private static final int WARM_UP_CALLS = 10_000;

    private PriceMeasurement() {}

    private static Stream<Arm> arms(String suffix, CpuPlacement placement, Calls calls, String... techniques) {
        return Stream.of(techniques).map(technique -> new Arm(technique + suffix, technique, placement, calls));
    }

    /**
     * Measures.
     *
     * @param fingerprint of the environment
     * @throws Inconclusive if counts do not add up, or what must cost something seems to cost nothing
     * @throws dev.tracetoll.problem.Problem if it cannot be measured
     */
    public static Prices measure(String fingerprint, long seed, Measurement.Progress progress) {
        Instant started = Instant.now();
        Map<String, MeasuredArm> measured = new LinkedHashMap<>();
        Map<String, TracedTarget> targets = new LinkedHashMap<>();
        try {
            for (Arm arm : ARMS) {
                reached(progress, LAUNCHES_SHARE * targets.size() / ARMS.size(), arm);
                TracedTarget target = launch(arm);
                targets.put(arm.name, target);
                target.burst(1, WARM_UP_CALLS);
                measured.put(arm.name, new MeasuredArm(arm.name, arm.calls.calls));
            }
            Random random = new Random(seed);
            List<Arm> order = new ArrayList<>(ARMS);
            for (int turn = 0; turn < TURNS; turn++) {
                Collections.shuffle(order, random);
                for (Arm arm : order) {
                    reached(progress, LAUNCHES_SHARE + (1 - LAUNCHES_SHARE) * turn / TURNS, arm);
                    Objects.requireNonNull(measured.get(arm.name))
                            .ask(Objects.requireNonNull(targets.get(arm.name)), arm.calls.bursts);
                }
            }
        } catch (RuntimeException | Error e) {
            targets.values().forEach(target -> Failing.close(target, e));
            throw e;
        }
        targets.values().forEach(TracedTarget::close);
        return new Prices(Prices.SCHEMA_VERSION, started, fingerprint, TURNS, of(measured));
    }

    /** In a thread of its own, which stays on the CPUs where its tracer is. */
    private static TracedTarget launch(Arm arm) {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            return thread.submit(() -> TargetLauncher.launch(
                            Techniques.named(arm.technique),
                            TargetProgram.of(TARGET),
                            arm.calls.arguments,
                            arm.placement,
                            TracedTarget.DISCARD))
                    .get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OperationFailed("Interrupted while " + arm.name + " was launched", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Problem problem
                    ? problem
                    : new OperationFailed("The target of " + arm.name + " could not be launched: " + e.getMessage(), e);
        } finally {
            thread.shutdown();
        }
    }

    private static void reached(Measurement.Progress progress, double share, Arm arm) {
        progress.reached(new Measurement.Reached(share, 1, Optional.of(arm.name), Map.of()));
    }

    /** What arms say of prices, by technique. */
    static Map<String, Prices.OfTechnique> of(Map<String, MeasuredArm> measured) {
        Arms arms = new Arms(measured);
        Cost count = arms.added(COUNT);
        Cost entry = arms.added(ARGUMENTS);
        Cost exit = arms.less(EBPF, ARGUMENTS);
        Cost stepping = arms.less(AT_ENTRY, EBPF);
        // Both hits cost the same: the jump, and the call that the kernel has made of the nop.
        Cost half = arms.added(PATCHED).times(0.5);
        Cost recorded = arms.added(INLINE_ARGUMENTS);
        Cost stop = arms.ofStops(PTRACE_ARGUMENTS);
        double apartNs = arms.apartNs(PTRACE);
        Map<String, Prices.OfTechnique> prices = new LinkedHashMap<>();
        prices.put(COUNT, new Prices.OfTechnique(count, count.plus(stepping), Cost.NOTHING, 0));
        prices.put(
                ARGUMENTS, new Prices.OfTechnique(entry, entry.plus(stepping), Cost.NOTHING, arms.tracerNs(ARGUMENTS)));
        prices.put(EBPF, new Prices.OfTechnique(entry, entry.plus(stepping), exit, arms.tracerNs(EBPF)));
        prices.put(PATCHED, new Prices.OfTechnique(half, half.plus(stepping), half, arms.tracerNs(PATCHED)));
        prices.put(
                INLINE_ARGUMENTS,
                new Prices.OfTechnique(recorded, recorded, Cost.NOTHING, arms.tracerNs(INLINE_ARGUMENTS)));
        prices.put(
                INLINE,
                new Prices.OfTechnique(recorded, recorded, arms.added(INLINE).over(recorded), arms.tracerNs(INLINE)));
        prices.put(
                PTRACE_ARGUMENTS,
                new Prices.OfTechnique(stop, stop, Cost.NOTHING, arms.tracerNs(PTRACE_ARGUMENTS + SHARED), apartNs));
        prices.put(
                PTRACE,
                new Prices.OfTechnique(
                        stop, stop, arms.ofStops(PTRACE).over(stop), arms.tracerNs(PTRACE + SHARED), apartNs));
        return prices;
    }

    /** What calls cost more than untraced ones. */
    private record Arms(Map<String, MeasuredArm> measured) {

        /** Of what the thread does itself, so that it is its CPU time as well. */
        Cost added(String arm) {
            return less(arm, Technique.UNTRACED.name());
        }

        Cost less(String arm, String part) {
            return above(arm, of(arm).ns() - of(part).ns());
        }

        private static Cost above(String arm, double ns) {
            if (!(ns > 0)) {
                throw new Inconclusive(
                        "What " + arm + " costs on this machine drowned in noise; measure again when less else runs");
            }
            return Cost.ofThread(ns);
        }

        /** Of what a thread waits for. */
        Cost ofStops(String arm) {
            MeasuredArm untraced = of(Technique.UNTRACED + ROW);
            return new Cost(
                    above(arm, of(arm + ROW).ns() - untraced.ns()).ns(),
                    Math.max(0, of(arm + SHARED).cpuNs() - untraced.cpuNs()));
        }

        /** What is added to one of the two stops of a call if it comes apart. */
        double apartNs(String arm) {
            double apart = of(arm + APART).ns() - of(Technique.UNTRACED.name()).ns();
            return Math.max(0, (apart - ofStops(arm).ns()) / 2);
        }

        double tracerNs(String arm) {
            return of(arm).tracerNs();
        }

        private MeasuredArm of(String arm) {
            return Objects.requireNonNull(measured.get(arm));
        }
    }
}
