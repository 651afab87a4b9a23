package dev.tracetoll.tracing.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TechniqueRegistryTest {

    private static TechniqueFacts facts(String name) {
        return TechniqueRegistry.ALL.facts(name);
    }

    /** Names that begin or end as those of techniques do. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ebpf-new",
                "new-ebpf",
                "ptrace-new",
                "syscall-new",
                "new",
                "new-entry",
                "new-delayed-5",
                "dlv-new"
            })
    void ofAnUnknownNameNothingIsKnown(String name) {
        TechniqueFacts unknown = facts(name);

        assertThat(TechniqueRegistry.ALL.find(name)).isEmpty();
        assertThat(unknown).isEqualTo(TechniqueFacts.unknown(name));
        assertThat(unknown.insight()).isEmpty();
        assertThat(unknown.floor()).isEmpty();
        assertThat(unknown.precisionGoal()).isEmpty();
        assertThat(TechniqueRegistry.ALL.isFloor(name)).isFalse();
        assertThat(unknown.akin(unknown)).isTrue();
        assertThat(TechniqueRegistry.ALL.names())
                .noneMatch(other -> facts(other).akin(unknown) || unknown.akin(facts(other)));
    }

    @Test
    void techniquesOfOneMechanismAreAkin() {
        assertThat(facts("ebpf").akin(facts("ebpf-arguments"))).isTrue();
        assertThat(facts("ptrace").akin(facts("ptrace-classic"))).isTrue();
        assertThat(facts("ebpf").akin(facts("ptrace"))).isFalse();
        assertThat(facts("ebpf").akin(facts("dlv-ebpf"))).as("a peer").isFalse();
        assertThat(facts("syscall-ebpf").akin(facts("syscall-seccomp")))
                .as("of system calls all")
                .isTrue();
        assertThat(facts("syscall-ebpf").akin(facts("ebpf"))).isFalse();
        assertThat(facts("untraced").akin(facts("ebpf"))).isFalse();
    }

    @Test
    void theVariantAtTheEntryHasTheFactsOfItsTechniqueButNoFloor() {
        TechniqueFacts entry = facts("ebpf-arguments-entry");

        assertThat(entry.plain()).isEqualTo(facts("ebpf-arguments"));
        assertThat(entry.atEntry()).isTrue();
        assertThat(entry.insight()).isEqualTo(facts("ebpf-arguments").insight());
        assertThat(entry.akin(facts("ebpf"))).isTrue();
        assertThat(entry.floor()).isEmpty();
        assertThat(entry.roughNs()).isGreaterThan(facts("ebpf-arguments").roughNs());
    }

    @Test
    void theVariantThatIsSlowedDownHasTheFactsOfItsTechniqueButNoFloor() {
        TechniqueFacts delayed = facts("ebpf-arguments-delayed-70");

        assertThat(delayed.delay()).hasValue(70);
        assertThat(delayed.atEntry()).isFalse();
        assertThat(delayed.plain()).isEqualTo(delayed);
        assertThat(delayed.precisionGoal()).isEqualTo(facts("ebpf").precisionGoal());
        assertThat(delayed.floor()).isEmpty();
    }

    @Test
    void allOfOursAreWaitedForButNoPeer() {
        assertThat(TechniqueRegistry.ALL.names())
                .allMatch(name ->
                        facts(name).precisionGoal().isEmpty() == (facts(name).peer() || name.equals("untraced")));
    }

    @Test
    void floorsAreWhatOthersStandOn() {
        assertThat(TechniqueRegistry.ALL.names().stream().filter(TechniqueRegistry.ALL::isFloor))
                .containsExactlyInAnyOrder(
                        "ebpf-patched-empty",
                        "ebpf-empty",
                        "ebpf-empty-returns",
                        "ptrace-floor",
                        "source-floor",
                        "source-floor-returns");
    }

    @Test
    void refusesASecondOneOfTheSameNameAndAFloorThatIsNone() {
        TechniqueFacts twice = TechniqueFacts.of("twice", Mechanism.EBPF, 0.02);

        assertThatThrownBy(() -> new TechniqueRegistry(List.of(twice, twice)))
                .hasMessage("two techniques are called twice");
        assertThatThrownBy(() -> new TechniqueRegistry(List.of(twice.over("nothing"))))
                .hasMessage("the floor nothing of the technique twice is no technique");
    }

    @Test
    void coloursTellMechanismsApartAndNothingThatIsTracedIsGrey() {
        assertThat(facts("untraced").hue()).isEqualTo(Hue.GREY);
        assertThat(TechniqueRegistry.ALL.names().stream()
                        .filter(name -> facts(name).mechanism().isPresent()))
                .allSatisfy(name -> assertThat(facts(name).hue()).isNotEqualTo(Hue.GREY));
        for (String name : TechniqueRegistry.ALL.names()) {
            for (String other : TechniqueRegistry.ALL.names()) {
                if (!facts(name).mechanism().equals(facts(other).mechanism())) {
                    assertThat(facts(name).hue())
                            .as("%s, %s", name, other)
                            .isNotEqualTo(facts(other).hue());
                }
            }
        }
        assertThat(facts("ebpf-arguments-entry").hue())
                .isEqualTo(facts("ebpf-arguments").hue());
    }
}
