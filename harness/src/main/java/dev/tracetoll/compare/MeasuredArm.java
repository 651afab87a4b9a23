package dev.tracetoll.compare;

import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Run;
import dev.tracetoll.tracing.registry.TechniqueFacts;
import dev.tracetoll.tracing.registry.TechniqueRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An arm with what it is compared with in its own run.
 *
 * @param arm what was measured
 * @param untraced the same with nothing traced
 * @param floor arms whose overheads together are the least that it can cost; empty if it has no floor, or the run lacks a part of it
 * @param pairs what says how much two equal arms differ by
 */
record MeasuredArm(Arm arm, Arm untraced, List<Arm> floor, List<Pair> pairs) {

    /** An arm and the same again. */
    record Pair(Arm first, Arm again) {}

    /** The arm of a run that has the name, the technique and the workload of another; empty if there is none, or none to compare it with. */
    static Optional<MeasuredArm> find(Run run, Arm like) {
        List<Arm> beside = run.arms(like.workload());
        Optional<Arm> arm =
                named(beside, like.name()).filter(found -> found.technique().equals(like.technique()));
        Optional<Arm> untraced = named(beside, Arm.UNTRACED);
        if (arm.isEmpty() || untraced.isEmpty()) {
            return Optional.empty();
        }
        List<String> floor = facts(like).floor();
        List<Arm> arms =
                floor.stream().flatMap(name -> named(beside, name).stream()).toList();
        return Optional.of(new MeasuredArm(
                arm.get(), untraced.get(), arms.size() == floor.size() ? arms : List.of(), pairs(beside, arm.get())));
    }

    private static Optional<Arm> named(List<Arm> arms, String name) {
        return arms.stream().filter(arm -> arm.name().equals(name)).findFirst();
    }

    /** The untraced pair, and of the traced ones that of the arm itself, or of what is akin to it. */
    @SuppressWarnings("ReferenceEquality") // Arms may be equal in all that was measured.
    private static List<Pair> pairs(List<Arm> beside, Arm arm) {
        List<Pair> all = beside.stream()
                .filter(Arm::again)
                .flatMap(again ->
                        named(beside, again.name().substring(0, again.name().length() - Arm.AGAIN.length())).stream()
                                .map(first -> new Pair(first, again)))
                .toList();
        List<Pair> own = all.stream().filter(pair -> pair.first == arm).toList();
        return all.stream()
                .filter(pair -> pair.first.untraced()
                        || (own.isEmpty() ? facts(pair.first).akin(facts(arm)) : own.contains(pair)))
                .toList();
    }

    private static TechniqueFacts facts(Arm arm) {
        return TechniqueRegistry.ALL.facts(arm.technique());
    }

    int rounds() {
        return arm.bursts().rounds();
    }

    List<Arm> arms() {
        List<Arm> all = new ArrayList<>(List.of(untraced, arm));
        all.addAll(floor);
        return all;
    }
}
