package dev.tracetoll.results;

import dev.tracetoll.stats.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Looks for what makes the figures of a run doubtful. */
final class RunCheck {

    /** Below this number of rounds the intervals are too narrow, as the coverage of the bootstrap shows. */
    static final int FEWEST_ROUNDS = 5;

    private static final double LARGEST_STEAL_SHARE = 0.01;

    private static final double LARGEST_LOAD_PER_CPU = 0.5;

    private RunCheck() {}

    /** What a reader of the run must know, in the order of its weight. */
    static List<Warning> warnings(Run run) {
        List<Warning> warnings = new ArrayList<>();
        run.arms().stream().filter(arm -> !arm.peer()).forEach(arm -> checkCounts(arm, warnings));
        run.arms().stream().filter(Arm::peer).forEach(arm -> checkPeer(arm, warnings));
        run.arms().stream().filter(arm -> !arm.peer()).forEach(arm -> checkLost(arm, warnings));
        run.comparisons().stream().filter(Comparison::noiseFloor).forEach(floor -> checkNoiseFloor(run, floor, warnings));
        checkRounds(run, warnings);
        checkEnvironment(run.environment(), warnings);
        return warnings;
    }

    private static void checkCounts(Arm arm, List<Warning> warnings) {
        Map<String, EventCounts> kinds = Map.of("calls", arm.callEvents(), "returns", arm.returnEvents());
        for (String kind : List.of("calls", "returns")) {
            EventCounts events = kinds.get(kind);
            if (!events.addsUp()) {
                warnings.add(new Warning(
                        String.format(Locale.ROOT,
                                "invalid: arm \"%s\" of target %s expected %d %s, but %d were seen and %d counted as lost", arm.name(), arm.target(), events.expected(), kind, events.seen(), events.lost()),
                        "do not use this arm; measure again, and report it as a defect of the technique if it stays"));
            }
        }
    }

    private static void checkPeer(Arm arm, List<Warning> warnings) {
        if (arm.wrong() > 0) {
            warnings.add(new Warning(
                    String.format(Locale.ROOT, "the peer \"%s\" reported %d events of target %s, of which %d never happened", arm.name(), arm.seen(),
                            arm.target(), arm.wrong()),
                    "read its figures as those of a tool that miscounts here"));
        }
        if (arm.lost() > 0) {
            warnings.add(new Warning(
                    String.format(Locale.ROOT, "the peer \"%s\" did not report %d of %d events of target %s", arm.name(), arm.lost(), arm.expected(),
                            arm.target()),
                    "read its time as that of an incomplete trace"));
        }
    }

    private static void checkLost(Arm arm, List<Warning> warnings) {
        if (arm.lost() > 0) {
            warnings.add(new Warning(
                    String.format(Locale.ROOT,
                            "lossy: arm \"%s\" of target %s lost %d of %d events, so its time is that of an incomplete trace", arm.name(), arm.target(), arm.lost(), arm.expected()),
                    "give the tracer a larger ring buffer or the target fewer calls per burst, and measure again"));
        }
    }

    /** The smallest overhead of any traced arm must stand clear of what two identical arms differ by. */
    private static void checkNoiseFloor(Run run, Comparison floor, List<Warning> warnings) {
        double noiseNs = Math.max(Math.abs(floor.overheadPerCallNs().low()), Math.abs(floor.overheadPerCallNs().high()));
        for (Comparison comparison : run.comparisons()) {
            boolean sameReference = comparison.workload().equals(floor.workload()) && comparison.against().equals(floor.against());
            Interval overhead = comparison.overheadPerCallNs();
            boolean costs = !comparison.noiseFloor() && !comparison.technique().equals(Ladder.UNHIT);
            if (sameReference && costs && overhead.low() <= noiseNs) {
                warnings.add(new Warning(
                        String.format(Locale.ROOT, "the overhead of arm \"%s\" on target %s is not above the noise floor of %.3g ns per call",
                                comparison.arm(), comparison.target(), noiseNs),
                        "measure with more rounds on a quieter machine"));
            }
        }
    }

    private static void checkRounds(Run run, List<Warning> warnings) {
        int fewest = run.arms().stream().filter(arm -> run.arms(arm.workload()).size() > 1).mapToInt(arm -> arm.rounds().size()).min()
                .orElse(FEWEST_ROUNDS);
        if (fewest < FEWEST_ROUNDS) {
            warnings.add(new Warning("only " + fewest + (fewest == 1 ? " round: its" : " rounds: the") + " intervals are too narrow",
                    "use at least " + FEWEST_ROUNDS + " rounds, better 10"));
        }
    }

    private static void checkEnvironment(Environment environment, List<Warning> warnings) {
        double steal = environment.atEnd().stealShareSince(environment.atStart());
        if (steal > LARGEST_STEAL_SHARE) {
            warnings.add(new Warning(
                    String.format(Locale.ROOT, "the hypervisor took %.1f %% of the CPU time during the run", 100 * steal),
                    "measure on a machine that is not shared"));
        }
        double load = environment.atStart().loadAverage();
        if (load > LARGEST_LOAD_PER_CPU * environment.cpus()) {
            warnings.add(new Warning(
                    String.format(Locale.ROOT, "the machine was busy when the run began: load average %.2f on %d CPUs",
                            load, environment.cpus()),
                    "stop other work and measure again"));
        }
        if (List.of("powersave", "ondemand", "conservative", "schedutil").contains(environment.governor())) {
            warnings.add(new Warning("the CPU frequency governor is " + environment.governor() + ", so the clock rate follows the load",
                    "run: cpupower frequency-set -g performance"));
        }
    }
}
