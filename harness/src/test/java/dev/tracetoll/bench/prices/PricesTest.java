package dev.tracetoll.bench.prices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tracetoll.bench.Techniques;
import dev.tracetoll.bench.TracedTarget;
import dev.tracetoll.burst.BurstResult;
import dev.tracetoll.problem.Inconclusive;
import dev.tracetoll.stats.Bursts;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.TraceCounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PricesTest {

    private static final Instant STARTED = Instant.parse("2026-11-30T10:00:00Z");
    private static final int CALLS = 100;

    @TempDir
    private Path directory;

    /** A call without tracing takes 100 ns, and the tracer 7 ns for an event. */
    private static MeasuredArm arm(String technique, double addedNs, long lost) {
        MeasuredArm arm = new MeasuredArm(technique, CALLS);
        boolean calls = addedNs > 0;
        boolean returns = calls && Techniques.facts(new Technique(technique)).returns();
        long ns = Math.round((100 + addedNs) * CALLS);
        TraceCounts counts = new TraceCounts(calls ? CALLS - lost : 0, returns ? CALLS : 0, 0, 0, lost);
        for (int request = 0; request < 2; request++) {
            arm.add(
                    new TracedTarget.Measured(
                            new BurstResult(CALLS, Bursts.ofRound(ns), ns / 2),
                            counts,
                            7 * (counts.calls() + counts.returns())),
                    calls,
                    returns);
        }
        return arm;
    }

    private static Prices prices(double ebpf) {
        Map<String, Double> addedNs = new LinkedHashMap<>();
        addedNs.put("untraced", 0.0);
        addedNs.put("ebpf-count", 600.0);
        addedNs.put("ebpf-arguments", 1_000.0);
        addedNs.put("ebpf-entry", ebpf + 20_000);
        addedNs.put("ebpf", ebpf);
        addedNs.put("ebpf-patched", 800.0);
        addedNs.put("inline-arguments", 60.0);
        addedNs.put("inline", 100.0);
        Map<String, MeasuredArm> arms = new LinkedHashMap<>();
        addedNs.forEach((technique, ns) -> arms.put(technique, arm(technique, ns, 0)));
        arms.put("untraced in a row", arm("untraced", 0, 0));
        arms.put("ptrace-arguments in a row", arm("ptrace-arguments", 9_000, 0));
        arms.put("ptrace in a row", arm("ptrace", 16_000, 0));
        arms.put("ptrace apart", arm("ptrace", 316_000, 0));
        arms.put("ptrace-arguments on one CPU", arm("ptrace-arguments", 8_000, 0));
        arms.put("ptrace on one CPU", arm("ptrace", 14_000, 0));
        return new Prices(Prices.SCHEMA_VERSION, STARTED, "0123456789abcdef", 2, PriceMeasurement.of(arms));
    }

    private static void assertCost(Cost cost, double ns) {
        assertThat(cost.ns()).isCloseTo(ns, within(1.0));
        assertThat(cost.cpuNs()).isCloseTo(ns, within(1.0));
    }

    @Test
    void arePartsOfWhatWholeCallsCost() {
        Prices prices = prices(24_000);

        Prices.OfTechnique ebpf = prices.techniques().get("ebpf");
        assertCost(ebpf.entry(), 1_000);
        assertCost(ebpf.exit(), 23_000);
        assertCost(ebpf.steppedEntry(), 21_000);
        assertThat(ebpf.tracerNs()).isCloseTo(7, within(0.1));
        assertCost(prices.techniques().get("ebpf-patched").exit(), 400);
        assertCost(prices.techniques().get("inline").exit(), 40);
        Cost stop = prices.techniques().get("ptrace").entry();
        assertThat(stop.ns()).isCloseTo(9_000, within(1.0));
        assertThat(stop.cpuNs())
                .as("on one CPU, where the target is half of it")
                .isCloseTo(4_000, within(1.0));
        assertThat(prices.techniques().get("ptrace").apartNs()).isCloseTo(150_000, within(1.0));
        assertThat(prices.techniques().get("ebpf").apartNs()).isZero();
        assertCost(prices.techniques().get("ebpf-count").steppedEntry(), 20_600);
        assertThat(prices.knows(Technique.INLINE)).isTrue();
        assertThat(prices.knows(Technique.PTRACE_CLASSIC)).isFalse();
    }

    @Test
    void areNotMadeOfLostEvents() {
        assertThatThrownBy(() -> arm("ebpf", 24_000, 1))
                .isInstanceOf(Inconclusive.class)
                .hasMessageContaining("What ebpf costs on this machine could not be measured, as events were lost");
    }

    @Test
    void areNotMadeOfNoise() {
        assertThatThrownBy(() -> prices(900))
                .isInstanceOf(Inconclusive.class)
                .hasMessageContaining("What ebpf costs on this machine drowned in noise");
    }

    @Test
    void areKeptForTheEnvironmentThatTheyAreOf() throws Exception {
        PriceStore store = new PriceStore(directory);
        assertThat(store.newest("0123456789abcdef")).isEmpty();

        Prices prices = prices(24_000);
        Path file = store.save(prices);
        Files.writeString(
                Files.createDirectories(directory.resolve("damaged-prices")).resolve(Prices.FILE), "{");

        assertThat(file.getParent().getFileName()).hasToString("2026-11-30T10-00-00Z-prices");
        assertThat(store.newest("0123456789abcdef")).contains(prices);
        assertThat(store.newest("fedcba9876543210")).isEmpty();
    }
}
