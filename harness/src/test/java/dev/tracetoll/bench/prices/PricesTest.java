package dev.tracetoll.bench.prices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tracetoll.problem.Inconclusive;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.ArmDraft;
import dev.tracetoll.results.EventCounts;
import dev.tracetoll.stats.Bursts;
import dev.tracetoll.tracing.Technique;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PricesTest {

    private static final Instant STARTED = Instant.parse("2026-11-30T10:00:00Z");
    private static final int CALLS = 100;

    @TempDir
    private Path directory;

    /** A call without tracing takes 100 ns. */
    private static Arm arm(String technique, double addedNs) {
        long ns = Math.round((100 + addedNs) * CALLS);
        boolean traced = addedNs > 0;
        return ArmDraft.of(technique, technique)
                .calls(CALLS)
                .bursts(Bursts.joined(List.of(Bursts.ofRound(ns, ns), Bursts.ofRound(ns, ns))))
                .events(traced ? new EventCounts(400, 400, 0) : EventCounts.NONE)
                .cpuNs(1_000, traced ? 400 * 7 : 0)
                .arm();
    }

    private static List<Arm> arms(double ebpf) {
        return List.of(
                arm("untraced", 0),
                arm("ebpf-count", 600),
                arm("ebpf-arguments", 1_000),
                arm("ebpf-entry", ebpf + 20_000),
                arm("ebpf", ebpf),
                arm("ebpf-patched", 800),
                arm("inline-arguments", 60),
                arm("inline", 100),
                arm("ptrace-arguments", 9_000),
                arm("ptrace", 16_000));
    }

    private static Prices prices(double ebpf) {
        return PriceMeasurement.of(arms(ebpf), STARTED, "0123456789abcdef", 1);
    }

    @Test
    void arePartsOfWhatWholeCallsCost() {
        Prices prices = prices(24_000);

        assertThat(prices.rounds()).isEqualTo(2);
        Prices.OfTechnique ebpf = prices.techniques().get("ebpf");
        assertThat(ebpf.entry()).isCloseTo(1_000, within(1.0));
        assertThat(ebpf.exit()).isCloseTo(23_000, within(1.0));
        assertThat(ebpf.steppedEntry()).isCloseTo(21_000, within(1.0));
        assertThat(ebpf.tracer()).isCloseTo(7, within(0.1));
        assertThat(prices.techniques().get("ebpf-patched").exit()).isCloseTo(400, within(1.0));
        assertThat(prices.techniques().get("inline").exit()).isCloseTo(40, within(1.0));
        assertThat(prices.techniques().get("ptrace").entry()).isCloseTo(9_000, within(1.0));
        assertThat(prices.techniques().get("ebpf-count").steppedEntry()).isCloseTo(20_600, within(1.0));
        assertThat(prices.knows(Technique.INLINE)).isTrue();
        assertThat(prices.knows(Technique.PTRACE_CLASSIC)).isFalse();
        assertThatThrownBy(() -> prices.tracerNs(Technique.PTRACE_CLASSIC)).hasMessageContaining("not measured");
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
