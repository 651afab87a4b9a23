package dev.tracetoll.bench.prices;

import dev.tracetoll.bench.ArmSpec;
import dev.tracetoll.bench.Measurement;
import dev.tracetoll.bench.Plan;
import dev.tracetoll.compare.Comparisons;
import dev.tracetoll.problem.Inconclusive;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Comparison;
import dev.tracetoll.tracing.Technique;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Measures {@link Prices} on our own target, within some seconds. */
public final class PriceMeasurement {

    /** Its function has a stack check, a push that the kernel emulates and a return that it steps over: one site of each kind. */
    private static final String TARGET = "calls";

    private static final int CALLS = 200;
    private static final int ROUNDS = 3;

    private static final String COUNT = "ebpf-count";
    private static final String ARGUMENTS = "ebpf-arguments";
    private static final String AT_ENTRY = "ebpf-entry";
    private static final String EBPF = Technique.EBPF.name();
    private static final String PATCHED = Technique.EBPF_PATCHED.name();
    private static final String INLINE_ARGUMENTS = "inline-arguments";
    private static final String INLINE = Technique.INLINE.name();
    private static final String PTRACE_ARGUMENTS = "ptrace-arguments";
    private static final String PTRACE = Technique.PTRACE.name();

    private static final List<String> ARMS = List.of(
            Arm.UNTRACED,
            COUNT,
            ARGUMENTS,
            AT_ENTRY,
            EBPF,
            PATCHED,
            INLINE_ARGUMENTS,
            INLINE,
            PTRACE_ARGUMENTS,
            PTRACE);

    private PriceMeasurement() {}

    /**
     * Measures.
     *
     * @param fingerprint of the environment
     * @throws Inconclusive if counts do not add up, or what must cost something seems to cost nothing
     * @throws dev.tracetoll.problem.Problem if it cannot be measured
     */
    public static Prices measure(String fingerprint, long seed, Measurement.Progress progress) {
        Instant started = Instant.now();
        Plan plan = new Plan(
                ARMS.stream()
                        .map(name -> ArmSpec.plain(name, name, TARGET, CALLS))
                        .toList(),
                ROUNDS,
                seed);
        return of(new Measurement(plan).run(progress).arms(), started, fingerprint, seed);
    }

    /** What arms say of prices. */
    static Prices of(List<Arm> arms, Instant started, String fingerprint, long seed) {
        Map<String, Double> addedNs = new LinkedHashMap<>();
        for (Comparison comparison : new Comparisons(seed).of(arms)) {
            addedNs.put(comparison.arm(), comparison.overheadPerCallNs().median());
        }
        Map<String, Prices.OfTechnique> prices = new LinkedHashMap<>();
        double exit = less(addedNs, EBPF, ARGUMENTS);
        double stepped = less(addedNs, AT_ENTRY, EBPF) + addedNs.getOrDefault(ARGUMENTS, 0.0);
        double entry = added(addedNs, ARGUMENTS);
        double stepping = stepped - entry;
        prices.put(COUNT, price(added(addedNs, COUNT), added(addedNs, COUNT) + stepping, 0, arms, COUNT));
        prices.put(ARGUMENTS, price(entry, stepped, 0, arms, ARGUMENTS));
        prices.put(EBPF, price(entry, stepped, exit, arms, EBPF));
        // Both hits cost the same: the jump, and the call that the kernel has made of the nop.
        double half = added(addedNs, PATCHED) / 2;
        prices.put(PATCHED, price(half, stepped, half, arms, PATCHED));
        double recorded = added(addedNs, INLINE_ARGUMENTS);
        prices.put(INLINE_ARGUMENTS, price(recorded, recorded, 0, arms, INLINE_ARGUMENTS));
        prices.put(INLINE, price(recorded, recorded, less(addedNs, INLINE, INLINE_ARGUMENTS), arms, INLINE));
        double stop = added(addedNs, PTRACE_ARGUMENTS);
        prices.put(PTRACE_ARGUMENTS, price(stop, stop, 0, arms, PTRACE_ARGUMENTS));
        prices.put(PTRACE, price(stop, stop, less(addedNs, PTRACE, PTRACE_ARGUMENTS), arms, PTRACE));
        return new Prices(
                Prices.SCHEMA_VERSION,
                started,
                fingerprint,
                arms.get(0).bursts().rounds(),
                prices);
    }

    private static double added(Map<String, Double> addedNs, String arm) {
        double ns = addedNs.getOrDefault(arm, 0.0);
        if (!(ns > 0)) {
            throw unmeasured(arm);
        }
        return ns;
    }

    private static double less(Map<String, Double> addedNs, String arm, String part) {
        double ns = added(addedNs, arm) - added(addedNs, part);
        if (!(ns > 0)) {
            throw unmeasured(arm);
        }
        return ns;
    }

    private static Inconclusive unmeasured(String arm) {
        return new Inconclusive(
                "What " + arm + " costs on this machine drowned in noise; measure again when less else runs");
    }

    private static Prices.OfTechnique price(
            double entry, double steppedEntry, double exit, List<Arm> arms, String name) {
        Arm arm = arms.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
        if (!arm.valid() || arm.lost() > 0) {
            throw new Inconclusive(
                    "What " + name
                            + " costs on this machine could not be measured, as events were lost; measure again when less else runs");
        }
        return new Prices.OfTechnique(
                entry, steppedEntry, exit, arm.seen() == 0 ? 0 : (double) arm.tracerCpuNs() / arm.seen());
    }
}
