package dev.tracetoll.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.tracing.peer.Peer;
import dev.tracetoll.tracing.peer.Peers;
import dev.tracetoll.tracing.registry.Insight;
import dev.tracetoll.tracing.registry.Insight.Level;
import dev.tracetoll.tracing.registry.TechniqueRegistry;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What results say that a technique tells is what it is made to tell. */
class InsightTest {

    private static Optional<Insight> insight(String technique) {
        return TechniqueRegistry.ALL.facts(technique).insight();
    }

    static Stream<String> peers() {
        return Peers.ALL.stream().map(peer -> peer.technique().name());
    }

    static Stream<String> ours() {
        return Stream.of("calls", "writes")
                .flatMap(target -> Techniques.besidePeers(target).stream())
                .map(Object::toString)
                .distinct()
                .filter(name -> !name.equals("untraced"));
    }

    @ParameterizedTest
    @MethodSource("peers")
    void eachPeerTellsReturnsIfItReportsThem(String name) {
        Peer peer = Techniques.find(name).orElseThrow().peer().orElseThrow();

        Insight insight = insight(name).orElseThrow();

        assertThat(insight.level().compareTo(Level.RETURNS) >= 0).isEqualTo(peer.returns());
    }

    @ParameterizedTest
    @MethodSource("ours")
    void eachOfOursThatPeersAreComparedWithTellsWhatItTraces(String name) {
        Techniques.Entry entry = Techniques.find(name).orElseThrow();

        Insight insight = insight(name).orElseThrow();

        assertThat(insight.level() == Level.RESULTS).isEqualTo(entry.returns());
        assertThat(insight.stops())
                .isEqualTo(
                        name.startsWith("ptrace") || name.equals("syscall-ptrace") || name.equals("syscall-seccomp"));
    }

    @ParameterizedTest
    @MethodSource("peers")
    void oneOfOursTellsAtLeastAsMuchAsEachPeer(String name) {
        Peer peer = Techniques.find(name).orElseThrow().peer().orElseThrow();
        Insight insight = insight(name).orElseThrow();

        assertThat(Techniques.besidePeers(peer.systemCalls() ? "writes" : "calls").stream()
                        .flatMap(ours -> insight(ours.name()).stream()))
                .anyMatch(known -> known.covers(insight) && known.stops() == insight.stops());
    }

    @Test
    void whatShowsNothingTellsNothing() {
        assertThat(Stream.of(
                                "untraced",
                                "ebpf-empty",
                                "ebpf-readings",
                                "ebpf-empty-returns",
                                "ebpf-unhit",
                                "ptrace-floor")
                        .map(InsightTest::insight))
                .containsOnly(Optional.empty());
    }

    @Test
    void theSiteDoesNotMatter() {
        assertThat(insight("ebpf-entry")).isEqualTo(insight("ebpf")).isPresent();
    }
}
