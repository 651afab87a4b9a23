package dev.tracetoll.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tracetoll.problem.BadInput;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.ArmDraft;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.SampleRuns;
import dev.tracetoll.stats.Bursts;
import dev.tracetoll.stats.Interval;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Arms whose bursts all take the same time: intervals have no width, so that every figure can be told beforehand. */
class ExactComparisonTest {

    private static final Interval ONE = new Interval(1, 1, 1);

    private final Comparisons comparisons = new Comparisons(1);

    private static Arm arm(String name, String technique, long burstNs, int calls, int rounds) {
        return ArmDraft.of(name, technique)
                .target("text", "main.probed")
                .calls(calls)
                .bursts(Bursts.joined(Collections.nCopies(rounds, Bursts.ofRound(burstNs, burstNs, burstNs))))
                .arm();
    }

    private static Arm arm(String name, String technique, long burstNs) {
        return arm(name, technique, burstNs, 1, 5);
    }

    private static Arm arm(String technique, long burstNs) {
        return arm(technique, technique, burstNs);
    }

    /** Untraced 1 µs, with the floor 2 µs: what is traced has an overhead in floors that is its burst in µs less one. */
    private static Run run(Arm... traced) {
        List<Arm> arms = new ArrayList<>(List.of(arm("untraced", 1_000), arm("ebpf-empty", 2_000)));
        arms.addAll(List.of(traced));
        return SampleRuns.uncompared(arms);
    }

    private static Change change(Run baseline, Run candidate, String arm) {
        return new RunComparison(0.05, 1)
                .compare(baseline, candidate).changes().stream()
                        .filter(each -> each.arm().equals(arm))
                        .findFirst()
                        .orElseThrow();
    }

    private static Change arguments(Run baseline, Run candidate) {
        return change(baseline, candidate, "ebpf-arguments");
    }

    private static Run arguments(long burstNs) {
        return run(arm("ebpf-arguments", burstNs));
    }

    @ParameterizedTest
    @CsvSource({
        "1949, CHEAPER",
        "1950, FINE",
        "2000, FINE",
        "2049, FINE",
        "2050, INCONCLUSIVE",
        "2051, DEARER",
    })
    void theToleranceIsTheLeastThatIsNotAllowed(int burstNs, Verdict verdict) {
        Change change = arguments(arguments(2_000), arguments(burstNs));

        assertThat(change.verdict()).isEqualTo(verdict);
        assertThat(change.ratio().median()).isCloseTo((burstNs - 1_000) / 1_000.0, within(1e-12));
        assertThat(change.before()).isEqualTo(ONE);
        assertThat(change.beforeNs().median()).isEqualTo(1_000);
        assertThat(change.afterNs().median()).isEqualTo(burstNs - 1_000);
        assertThat(change.noise()).isZero();
    }

    @Test
    void whyItIsUncertainIsToldInPercent() {
        assertThat(arguments(arguments(2_000), arguments(2_050)).why())
                .contains(
                        "the interval of the ratio, 1.050 to 1.050, holds 1 plus the tolerance of 5.00 %; measure longer or"
                                + " on a quieter machine");
        assertThat(arguments(arguments(2_000), run(arm("ebpf-arguments", 2_000), again("ebpf-arguments", 2_080)))
                        .why())
                .contains(
                        "two identical arms differ by up to 8.0 %, which is not below the tolerance of 5.00 %; measure"
                                + " longer or on a quieter machine");
    }

    private static Arm again(String technique, long burstNs) {
        return arm(technique + Arm.AGAIN, technique, burstNs);
    }

    @Test
    void whatPairsDifferByIsTheNoise() {
        Run traced = run(arm("ebpf-arguments", 2_000), again("ebpf-arguments", 1_980));
        Run untraced = run(arm("ebpf-arguments", 2_000), again("untraced", 1_030));
        Run both = run(arm("ebpf-arguments", 2_000), again("ebpf-arguments", 1_980), again("untraced", 1_030));

        assertThat(arguments(arguments(2_000), traced).noise()).isCloseTo(0.02, within(1e-12));
        assertThat(arguments(arguments(2_000), untraced).noise()).isCloseTo(0.03, within(1e-12));
        assertThat(arguments(both, arguments(2_000)).noise()).isCloseTo(0.03, within(1e-12));
    }

    @Test
    void thePairOfAnotherCountsWhereThereIsNoneOfItsOwnAndBothAreAkin() {
        Arm arguments = arm("ebpf-arguments", 2_000);
        Arm empty = again("ebpf-empty", 2_040);
        Run stopping = run(arguments, arm("ptrace-arguments", 3_000), again("ptrace-arguments", 4_000));

        assertThat(arguments(arguments(2_000), run(arguments, empty)).noise())
                .as("akin")
                .isCloseTo(0.04, within(1e-12));
        assertThat(arguments(arguments(2_000), run(arguments, empty, again("ebpf-arguments", 2_010)))
                        .noise())
                .as("its own")
                .isCloseTo(0.01, within(1e-12));
        assertThat(arguments(arguments(2_000), stopping).noise()).as("not akin").isZero();
    }

    @Test
    void anOverheadWithoutAFloorIsInUntracedCalls() {
        Change change = change(arguments(2_000), arguments(2_000), "ebpf-empty");

        assertThat(change.unit()).isEqualTo(Change.Unit.CALLS);
        assertThat(change.before()).isEqualTo(ONE);
    }

    @Test
    void whatCostsNothingHasNoVerdict() {
        Change change = arguments(arguments(1_000), arguments(2_000));

        assertThat(change.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(change.why())
                .contains("the baseline's overhead is not above its noise; measure longer or on a quieter machine");
    }

    @Test
    void aFloorOfNothingKeepsFiguresFinite() {
        Run free = SampleRuns.uncompared(
                List.of(arm("untraced", 1_000), arm("ebpf-empty", 1_000), arm("ebpf-arguments", 2_000)));

        assertThat(arguments(free, free).before().median()).isEqualTo(Double.MAX_VALUE);
    }

    @Test
    void theFewestRoundsAreEnough() {
        Run few = SampleRuns.uncompared(List.of(
                arm("untraced", "untraced", 1_000, 1, 4),
                arm("ebpf-empty", "ebpf-empty", 2_000, 1, 4),
                arm("ebpf-arguments", "ebpf-arguments", 2_000, 1, 4)));

        assertThat(arguments(arguments(2_000), arguments(2_000)).verdict()).isEqualTo(Verdict.FINE);
        assertThat(arguments(few, arguments(2_000)).why()).contains("the baseline has 4 rounds; use 5 at least");
    }

    @Test
    void armsOfOneNameAndTwoTechniquesHaveNothingInCommon() {
        Run other = SampleRuns.uncompared(
                List.of(arm("untraced", 1_000), arm("ebpf-arguments", "ptrace-arguments", 2_000)));

        assertThatThrownBy(() -> new RunComparison(0.05, 1).compare(arguments(2_000), other))
                .isInstanceOf(BadInput.class)
                .hasMessage(
                        "The runs have no arm in common that can be compared; measure both with the same techniques,"
                                + " target and number of calls");
        assertThatThrownBy(() -> new RunComparison(0.05, 1).compareAcross(arguments(2_000), other))
                .hasMessageContaining("that can be compared in floors;");
    }

    @Test
    void toleranceIsAShareAboveNoneAndBelowAll() {
        assertThatCode(() -> new RunComparison(0.001, 1)).doesNotThrowAnyException();
        assertThatThrownBy(() -> new RunComparison(0, 1))
                .isInstanceOf(BadInput.class)
                .hasMessage("A tolerance of 0.0 % is no use; choose one above 0 and below 100");
        assertThatThrownBy(() -> new RunComparison(1, 1))
                .isInstanceOf(BadInput.class)
                .hasMessage("A tolerance of 100.0 % is no use; choose one above 0 and below 100");
    }

    @Test
    void aBaselineThatDoesNotAddUpIsRefused() {
        assertThatThrownBy(() -> new RunComparison(0.05, 1).compare(SampleRuns.flawed(), SampleRuns.headline()))
                .isInstanceOf(BadInput.class)
                .hasMessageStartingWith("The counts of the baseline do not add up");
    }

    @Test
    void verdictsAndFiguresHaveTheWordsAndExitCodesOfTheManual() {
        assertThat(Verdict.values())
                .extracting(Verdict::inWords)
                .containsExactly("cheaper", "fine", "inconclusive", "dearer");
        assertThat(Verdict.values()).extracting(Verdict::exitCode).containsExactly(0, 0, 4, 3);
        assertThat(Change.Figure.values()).extracting(Change.Figure::inWords).containsExactly("quick", "median");
        assertThat(Change.Unit.values()).extracting(Change.Unit::inWords).containsExactly("floors", "untraced calls");
    }

    // ---- within one run ------------------------------------------------------------------------------------------

    private final Arm untraced = arm("untraced", 1_000);

    private static Interval exactly(double value) {
        return new Interval(value, value, value);
    }

    @Test
    void aFloorMayBeTheSumOfSeveral() {
        List<Arm> floor = List.of(arm("a", 1_100), arm("b", 1_300));

        assertThat(comparisons.ratioToFloor(arm("c", 1_600), floor, untraced)).contains(exactly(1.5));
        assertThat(comparisons.ratioToFloor(arm("c", 1_600), List.of(arm("a", 1_000)), untraced))
                .isEmpty();
    }

    @Test
    void threadsThatShareABurstMakeACallAsManyTimesAsDear() {
        Comparisons.Priced two = new Comparisons.Priced(arm("a", "a", 5_000, 10, 5), untraced, 2);
        Comparisons.Priced one = new Comparisons.Priced(arm("b", "b", 3_000, 10, 5), untraced, 1);
        Comparisons.Priced none = new Comparisons.Priced(untraced, untraced, 1);

        assertThat(comparisons.overheadPerCallNs(List.of(two))).isEqualTo(exactly(800));
        assertThat(comparisons.overheadPerCallNs(List.of(two, one))).isEqualTo(exactly(1_000));
        assertThat(comparisons.ratio(two, one)).contains(exactly(4));
        assertThat(comparisons.ratio(one, two)).contains(exactly(0.25));
        assertThat(comparisons.ratio(two, none)).isEmpty();
    }

    /** 9 µs over untraced; the floors explain 2 and 3, and the parts add 1 and 2 to what they stand on. */
    @Test
    void theResidueIsWhatNeitherFloorsNorPartsExplain() {
        Arm traced = arm("a", "a", 10_000, 10, 5);
        List<Arm> floor = List.of(arm("b", 3_000), arm("c", 4_000));
        List<Map.Entry<Arm, Arm>> parts =
                List.of(Map.entry(arm("d", 4_000), arm("e", 3_000)), Map.entry(arm("f", 6_000), arm("g", 4_000)));

        assertThat(comparisons.residuePerCallNs(traced, floor, parts, untraced)).isEqualTo(exactly(100));
        assertThat(comparisons.residuePerCallNs(traced, floor, List.of(), untraced))
                .isEqualTo(exactly(400));
    }

    @Test
    void theMedianOfAnArmIsThatOfItsBursts() {
        assertThat(comparisons.burstNs(untraced)).isEqualTo(exactly(1_000));
        assertThat(comparisons.overheadPerCallNs(arm("a", "a", 3_000, 10, 5), untraced))
                .isEqualTo(exactly(200));
        assertThat(Optional.of(comparisons.compare(arm("a", 3_000), untraced).ratio()))
                .contains(exactly(3));
    }
}
