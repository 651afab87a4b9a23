package dev.tracetoll.experiment.ladder;

import dev.tracetoll.results.Arm;
import dev.tracetoll.tracing.registry.TechniqueRegistry;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A rung of the {@link Ladder}: a technique on a target, and what it adds to the rung below.
 *
 * @param technique how the target is traced
 * @param target what is traced
 * @param group what it belongs to
 * @param below technique of the rung below, on the same target; empty for the lowest
 * @param floor techniques whose overheads together, on the same target, are the least that the mechanism can cost; one occurs as often as
 *        its price is paid in each call; empty for what has no other floor than itself
 * @param explained techniques whose work above their own floors is part of this one's
 * @param bound what its overhead is to that of its floor at most, as we ask of ourselves; empty where we ask nothing
 * @param explanation what it does more than the rung below, in a sentence
 */
record Rung(
        String technique,
        String target,
        Group group,
        Optional<String> below,
        List<String> floor,
        List<String> explained,
        OptionalDouble bound,
        String explanation) {

    /** What rungs are shown together. */
    public enum Group {
        FUNCTIONS_INLINE("Functions inline"),
        FUNCTIONS_EBPF_PATCHED("Functions under eBPF at jumps"),
        FUNCTIONS_EBPF("Functions under eBPF"),
        FUNCTIONS_PTRACE("Functions under ptrace"),
        SYSTEM_CALLS("System calls"),
        YARDSTICKS("Yardsticks");

        private final String title;

        Group(String title) {
            this.title = title;
        }

        /** For people. */
        public String title() {
            return title;
        }
    }

    static Rung lowest(String target, Group group, String explanation) {
        return new Rung(
                Arm.UNTRACED,
                target,
                group,
                Optional.empty(),
                List.of(),
                List.of(),
                OptionalDouble.empty(),
                explanation);
    }

    Rung withTechnique(String name, String below, String does) {
        return new Rung(name, target, group, Optional.of(below), List.of(), List.of(), OptionalDouble.empty(), does);
    }

    Rung in(Group other) {
        return new Rung(technique, target, other, below, floor, explained, bound, explanation);
    }

    Rung overFloor() {
        return new Rung(
                technique,
                target,
                group,
                below,
                TechniqueRegistry.ALL.facts(technique).floor(),
                explained,
                bound,
                explanation);
    }

    Rung containing(String... techniques) {
        return new Rung(technique, target, group, below, floor, List.of(techniques), bound, explanation);
    }

    Rung atMost(double ratio) {
        return new Rung(technique, target, group, below, floor, explained, OptionalDouble.of(ratio), explanation);
    }

    /** Whether no other rung stands on this one. */
    public boolean standsAlone() {
        return untraced()
                && Ladder.rungs().stream().noneMatch(rung -> rung.target().equals(target) && !rung.untraced());
    }

    /** Whether nothing is traced. */
    public boolean untraced() {
        return technique.equals(Arm.UNTRACED);
    }
}
