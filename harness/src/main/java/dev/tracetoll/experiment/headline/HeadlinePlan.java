package dev.tracetoll.experiment.headline;

import dev.tracetoll.bench.ArmSpec;
import dev.tracetoll.bench.Plan;
import dev.tracetoll.bench.Stopping;
import dev.tracetoll.bench.Techniques;
import dev.tracetoll.burst.TargetProgram;
import dev.tracetoll.results.Arm;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.registry.TechniqueFacts;
import dev.tracetoll.tracing.registry.TechniqueRegistry;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Plans the headline: every technique on every target with every number of calls, and beside them what makes the figures hold up: floors, the
 * same again, and yardsticks.
 */
public final class HeadlinePlan {

    /** Measured twice, where nobody chooses the techniques: one of each mechanism. */
    private static final List<Technique> REPEATED =
            List.of(Technique.INLINE, Technique.EBPF, Technique.PTRACE, Technique.SYSCALL_EBPF);

    /** A reading of the clock, a bare system call, and a 5-byte nop: targets that show what the machine costs without any tracer. */
    private static final List<String> YARDSTICKS = List.of("clock", "getppid", "nop");
    /** The one of them that is probed too: an empty program there is the least that a uprobe can cost. */
    private static final String PROBED_YARDSTICK = "nop";

    private static final String EMPTY_PROGRAM = "ebpf-empty";

    private final List<ArmSpec> arms = new ArrayList<>();

    private HeadlinePlan() {}

    /**
     * The plan.
     *
     * @param techniques of each target; if empty, those that suit it. Added are {@code untraced}, which everything is compared with, and the
     *        floors that there are
     * @param targets names or paths
     * @param calls calls in a burst
     */
    public static Plan of(
            Function<String, List<Technique>> techniques,
            List<String> targets,
            List<Integer> calls,
            Stopping stopping,
            long seed) {
        HeadlinePlan plan = new HeadlinePlan();
        calls.forEach(Plan::requireCalls);
        for (String target : targets.stream().distinct().toList()) {
            List<Technique> chosen = techniques.apply(target);
            for (int each : calls.stream().distinct().toList()) {
                plan.add(
                        target,
                        each,
                        chosen.isEmpty() ? Techniques.headline(target) : chosen,
                        chosen.isEmpty() ? REPEATED : firstOf(chosen));
            }
        }
        plan.addYardsticks(targets, calls.get(0));
        return new Plan(plan.arms, stopping, seed);
    }

    /** Of techniques that somebody chose the first one of ours that traces. */
    private static List<Technique> firstOf(List<Technique> chosen) {
        return chosen.stream()
                .filter(technique -> !technique.equals(Technique.UNTRACED)
                        && !facts(technique.name()).peer())
                .limit(1)
                .toList();
    }

    private void add(String target, int calls, List<Technique> techniques, List<Technique> repeated) {
        Set<Technique> all = new LinkedHashSet<>(List.of(Technique.UNTRACED));
        techniques.forEach(technique -> {
            floors(technique).stream()
                    .filter(floor -> Techniques.fits(floor, target))
                    .forEach(all::add);
            all.add(technique);
        });
        for (Technique technique : all) {
            arms.add(ArmSpec.plain(technique.name(), technique.name(), target, calls));
            if (technique.equals(Technique.UNTRACED) || repeated.contains(technique)) {
                arms.add(ArmSpec.plain(technique.name() + Arm.AGAIN, technique.name(), target, calls));
            }
        }
    }

    private static TechniqueFacts facts(String technique) {
        return TechniqueRegistry.ALL.facts(technique);
    }

    /** What is probed at the first instruction has its floor there. */
    private static List<Technique> floors(Technique technique) {
        TechniqueFacts facts = facts(technique.name());
        return facts.plain().floor().stream()
                .distinct()
                .map(Techniques::named)
                .map(floor -> facts.atEntry() ? Techniques.atEntry(floor).orElse(floor) : floor)
                .toList();
    }

    private void addYardsticks(List<String> targets, int calls) {
        TechniqueFacts empty = facts(EMPTY_PROGRAM);
        boolean ebpf = arms.stream().anyMatch(arm -> facts(arm.technique()).akin(empty));
        for (String yardstick : YARDSTICKS) {
            if (TargetProgram.exists(yardstick) && !targets.contains(yardstick)) {
                arms.add(ArmSpec.yardstick(Arm.UNTRACED, yardstick, calls));
                if (ebpf && yardstick.equals(PROBED_YARDSTICK)) {
                    arms.add(ArmSpec.yardstick(EMPTY_PROGRAM, yardstick, calls));
                }
            }
        }
    }
}
