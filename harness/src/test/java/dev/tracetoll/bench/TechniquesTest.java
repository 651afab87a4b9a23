package dev.tracetoll.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.counting.CountingTracer;
import dev.tracetoll.tracing.peer.Peer;
import dev.tracetoll.tracing.peer.Peers;
import dev.tracetoll.tracing.registry.Hue;
import dev.tracetoll.tracing.registry.Insight;
import dev.tracetoll.tracing.registry.Mechanism;
import dev.tracetoll.tracing.registry.TechniqueFacts;
import dev.tracetoll.tracing.registry.TechniqueRegistry;
import dev.tracetoll.tracing.ring.RingChoice;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is known of techniques and how they are made is of the same ones. */
class TechniquesTest {

    static Stream<String> names() {
        return TechniqueRegistry.ALL.names().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void eachTechniqueThatIsKnownIsMadeInOneWay(String name) {
        Techniques.Entry entry = Techniques.find(name).orElseThrow();

        assertThat(entry.technique().name()).isEqualTo(name);
        assertThat(Stream.of(entry.tracer(), entry.syscallTracer(), entry.peer(), entry.source())
                        .filter(way -> way.isPresent()))
                .hasSize(name.equals("untraced") ? 0 : 1);
        assertThat(entry.syscallTracer().isPresent())
                .isEqualTo(entry.facts().systemCalls() && !entry.facts().peer());
        assertThat(entry.peer().isPresent()).isEqualTo(entry.facts().peer());
    }

    /** A tool knows of itself what the registry knows of it. */
    @Test
    void peersAreWhatIsKnownOfThem() {
        assertThat(Peers.ALL)
                .extracting(peer ->
                        TechniqueRegistry.ALL.facts(peer.technique().name()).returns())
                .isEqualTo(Peers.ALL.stream().map(Peer::returns).toList());
        assertThat(Peers.ALL)
                .extracting(peer ->
                        TechniqueRegistry.ALL.facts(peer.technique().name()).systemCalls())
                .isEqualTo(Peers.ALL.stream().map(Peer::systemCalls).toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ebpf-arguments-entry",
                "ptrace-arguments-entry",
                "dlv-entry",
                "untraced-entry",
                "syscall-ebpf-entry",
                "ptrace-delayed-5",
                "ebpf-delayed-123456",
                "ebpf-new",
                "ptrace-new"
            })
    void whatCannotBeMeasuredIsNotFound(String name) {
        assertThat(Techniques.find(name)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ebpf-entry",
                "ebpf-empty-entry",
                "ptrace-classic-entry",
                "ebpf-delayed-5",
                "ebpf-arguments-delayed-12345"
            })
    void variantsAreFound(String name) {
        assertThat(Techniques.find(name).orElseThrow().technique().name()).isEqualTo(name);
    }

    /** By a package and an entry, and by nothing else; and of no concern to those who do not ask for it. */
    @Test
    void aTechniqueIsAddedByAnEntry() {
        TechniqueFacts facts = TechniqueFacts.of(
                        CountingTracer.NAME,
                        new Mechanism(
                                "counting",
                                "A counter is raised at each hit.",
                                "It runs on.",
                                Hue.GREEN,
                                Hue.GREEN,
                                false),
                        0.03)
                .telling(Insight.Level.COUNT)
                .roughly(40);
        Techniques techniques = Techniques.with(facts, Techniques.Making.of(CountingTracer.NAME, CountingTracer::new));

        Techniques.Entry entry = techniques.lookUp(CountingTracer.NAME).orElseThrow();

        assertThat(entry.technique())
                .isEqualTo(entry.tracer().orElseThrow().make(RingChoice.NONE).technique());
        assertThat(entry.calls()).isTrue();
        assertThat(entry.returns()).isFalse();
        assertThat(entry.systemCalls()).isFalse();
        assertThat(entry.facts().insight()).contains(new Insight(Insight.Level.COUNT, false));
        assertThat(entry.facts().precisionGoal()).hasValue(0.03);
        assertThat(names()).noneMatch(name -> entry.facts().akin(TechniqueRegistry.ALL.facts(name)));
        assertThat(Effort.brief(entry.facts(), 200).roughNs(entry.facts(), 200)).isPositive();
        try (TraceSession session =
                entry.tracer().orElseThrow().make(RingChoice.NONE).attach(null, null, event -> {})) {
            session.settle();
            assertThat(session.counts().calls()).isOne();
        }
        assertThat(techniques.lookUp("ebpf")).contains(Techniques.find("ebpf").orElseThrow());
        assertThat(Techniques.find(CountingTracer.NAME)).isEmpty();
    }

    @Test
    void refusesToKnowWhatItCannotMake() {
        TechniqueFacts facts = TechniqueFacts.of(CountingTracer.NAME, Mechanism.EBPF, 0.02);

        assertThatThrownBy(() -> new Techniques(TechniqueRegistry.ALL.with(facts), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Techniques.with(facts, Techniques.Making.of("other", CountingTracer::new)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
