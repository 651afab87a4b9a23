package dev.tracetoll.results;

import dev.tracetoll.environment.Environment;
import dev.tracetoll.environment.LoadSample;
import dev.tracetoll.stats.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Looks for what makes the figures of a run doubtful. */
public final class RunCheck {

    /** Below this number of rounds the intervals claim too much, as the coverage of the bootstrap shows. */
    public static final int FEWEST_ROUNDS = 5;

    /** A change by less than this share does not matter unless told otherwise; what identical arms differ by must be below it for a change to show. */
    public static final double TOLERANCE = 0.05;

    private static final double LARGEST_STEAL_SHARE = 0.01;

    private static final double LARGEST_LOAD_PER_CPU = 0.5;

    /** More than the services of an idle machine use. */
    private static final double LARGEST_SHARE_OF_OTHERS = 0.05;

    private static final List<String> SLOW_GOVERNORS = List.of("powersave", "ondemand", "conservative", "schedutil");

    /** Clocks that cannot be read without leaving user space; see {@code drivers/clocksource} of Linux. */
    private static final List<String> SLOW_CLOCKS = List.of("hpet", "acpi_pm", "jiffies", "refined-jiffies", "pit");

    private RunCheck() {}

    /** What a reader of the run must know, in the order of its weight. */
    static List<Warning> warnings(Run run) {
        List<Warning> warnings = new ArrayList<>(ofCounts(run));
        run.comparisons().stream()
                .filter(Comparison::noiseFloor)
                .forEach(floor -> checkNoiseFloor(run, floor, warnings));
        checkRounds(run, warnings);
        checkEnvironment(run.environment(), warnings);
        return warnings;
    }

    /** Those of them that say which arms' times are no costs: counts do not add up, or events were lost or made up. */
    public static List<Warning> ofCounts(Run run) {
        List<Warning> warnings = new ArrayList<>();
        run.arms().stream().filter(arm -> !arm.peer()).forEach(arm -> {
            checkCounts(arm, "calls", arm.callEvents(), warnings);
            checkCounts(arm, "returns", arm.returnEvents(), warnings);
        });
        run.arms().stream().filter(Arm::peer).forEach(arm -> checkPeer(arm, warnings));
        run.arms().stream().filter(arm -> !arm.peer()).forEach(arm -> checkLost(arm, warnings));
        return warnings;
    }

    private static void checkCounts(Arm arm, String kind, EventCounts events, List<Warning> warnings) {
        if (!events.addsUp()) {
            warnings.add(new Warning(
                    String.format(
                            Locale.ROOT,
                            Warning.INVALID
                                    + "arm \"%s\" of target %s expected %d %s, but %d were seen and %d counted as lost",
                            arm.name(),
                            arm.target(),
                            events.expected(),
                            kind,
                            events.seen(),
                            events.lost()),
                    "do not use this arm; measure again, and report it as a defect of the technique if it stays"));
        }
    }

    private static void checkPeer(Arm arm, List<Warning> warnings) {
        if (arm.wrong() > 0) {
            warnings.add(new Warning(
                    String.format(
                            Locale.ROOT,
                            "the peer \"%s\" reported %d events of target %s, of which %d never happened",
                            arm.name(),
                            arm.seen(),
                            arm.target(),
                            arm.wrong()),
                    "read its figures as those of a tool that miscounts here"));
        }
        if (arm.lost() > 0) {
            warnings.add(new Warning(
                    String.format(
                            Locale.ROOT,
                            "the peer \"%s\" did not report %d of %d events of target %s",
                            arm.name(),
                            arm.lost(),
                            arm.expected(),
                            arm.target()),
                    "read its time as that of an incomplete trace"));
        }
    }

    private static void checkLost(Arm arm, List<Warning> warnings) {
        if (arm.lost() > 0) {
            warnings.add(new Warning(
                    String.format(
                            Locale.ROOT,
                            Warning.LOSSY
                                    + "arm \"%s\" of target %s lost %d of %d events, so its time is that of an incomplete trace",
                            arm.name(),
                            arm.target(),
                            arm.lost(),
                            arm.expected()),
                    "give the tracer a larger ring buffer or the target fewer calls per burst, and measure again"));
        }
    }

    /** The smallest overhead of any traced arm must stand clear of what two untraced arms differ by, and that of a traced pair be small. */
    private static void checkNoiseFloor(Run run, Comparison floor, List<Warning> warnings) {
        double noiseNs = Math.max(
                Math.abs(floor.overheadPerCallNs().low()),
                Math.abs(floor.overheadPerCallNs().high()));
        for (Comparison comparison : run.comparisons()) {
            if (comparison.noiseFloor() || !comparison.workload().equals(floor.workload())) {
                continue;
            }
            Interval overhead = comparison.overheadPerCallNs();
            if (floor.untraced()
                    && comparison.against().equals(floor.against())
                    && !comparison.technique().equals(Arm.UNHIT)
                    && overhead.low() <= noiseNs) {
                warnings.add(new Warning(
                        String.format(
                                Locale.ROOT,
                                "the overhead of arm \"%s\" on target %s is not above the noise floor of %.3g ns per call",
                                comparison.arm(),
                                comparison.target(),
                                noiseNs),
                        "measure with more rounds on a quieter machine"));
            }
            double share = noiseNs / overhead.median();
            if (!floor.untraced() && comparison.arm().equals(floor.against()) && !(share < TOLERANCE)) {
                warnings.add(new Warning(
                        String.format(
                                Locale.ROOT,
                                "two identical arms \"%s\" on target %s differ by up to %.1f %% of their overhead: no smaller change would show",
                                comparison.arm(),
                                comparison.target(),
                                100 * share),
                        "give it a larger --budget, or measure on a quieter machine"));
            }
        }
    }

    private static void checkRounds(Run run, List<Warning> warnings) {
        int fewest = run.arms().stream()
                .filter(arm -> run.arms(arm.workload()).size() > 1)
                .mapToInt(arm -> arm.bursts().rounds())
                .min()
                .orElse(FEWEST_ROUNDS);
        if (fewest < FEWEST_ROUNDS) {
            warnings.add(new Warning(
                    "only " + fewest + (fewest == 1 ? " round" : " rounds")
                            + ": the figures are less certain than their intervals say",
                    run.stopped() == Stopped.BUDGET_SPENT
                            ? "give it a larger --budget, or fewer techniques or targets"
                            : "use at least " + FEWEST_ROUNDS + " rounds, better 10"));
        }
    }

    private static void checkEnvironment(Environment environment, List<Warning> warnings) {
        LoadSample start = environment.atStart();
        LoadSample end = environment.atEnd();
        warn(
                end.stealShareSince(start) > LARGEST_STEAL_SHARE,
                warnings,
                "measure on a machine that is not shared",
                "the hypervisor took %.1f %% of the CPU time during the run",
                100 * end.stealShareSince(start));
        warn(
                start.loadAverage() > LARGEST_LOAD_PER_CPU * environment.cpus(),
                warnings,
                "stop other work and measure again",
                "the machine was busy when the run began: load average %.2f on %d CPUs",
                start.loadAverage(),
                environment.cpus());
        warn(
                end.othersShareSince(start) > LARGEST_SHARE_OF_OTHERS,
                warnings,
                "stop other work and measure again",
                "other programs used %.1f %% of the CPU time during the run",
                100 * end.othersShareSince(start));
        warn(
                end.throttled() > start.throttled(),
                warnings,
                "let the machine cool down, see to its fans, and measure again",
                "the processor was throttled %d times during the run because it was too hot",
                end.throttled() - start.throttled());
        warn(
                SLOW_GOVERNORS.contains(environment.governor()),
                warnings,
                "run: cpupower frequency-set -g performance",
                "the CPU frequency governor is %s, so the clock rate follows the load",
                environment.governor());
        warn(
                SLOW_CLOCKS.contains(environment.clockSource()),
                warnings,
                "boot with a usable TSC; see /sys/devices/system/clocksource/clocksource0/available_clocksource and dmesg",
                "the clock source is %s: each reading is a slow access to a device, and every burst and event has some",
                environment.clockSource());
    }

    private static void warn(boolean doubtful, List<Warning> warnings, String remedy, String what, Object... values) {
        if (doubtful) {
            warnings.add(new Warning(String.format(Locale.ROOT, what, values), remedy));
        }
    }
}
