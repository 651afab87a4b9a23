package dev.tracetoll.results;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.compare.Comparisons;
import dev.tracetoll.environment.Environment;
import dev.tracetoll.environment.LoadSample;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each warning is there when its cause is, with a remedy, and no run without a cause is doubted. */
class RunCheckTest {

    private static final LoadSample START = new LoadSample(0.1, 0, 0, 0L, 0L, 5L);
    private static final LoadSample QUIET =
            new LoadSample(0.2, 0, 100_000_000_000L, 40_000_000_000L, 39_000_000_000L, 5L);

    private static Environment environment(String governor, String clockSource, LoadSample start, LoadSample end) {
        Environment like = SampleRuns.environment();
        return new Environment(
                like.operatingSystem(),
                like.kernelRelease(),
                like.kernelVersion(),
                like.architecture(),
                like.cpuModel(),
                like.cpus(),
                like.hypervisor(),
                governor,
                clockSource,
                like.mitigations(),
                like.bootFlags(),
                like.memoryBytes(),
                like.goVersion(),
                like.jdk(),
                like.tools(),
                start,
                end);
    }

    private static Run run(Environment environment, Stopped stopped, List<Arm> arms) {
        Run like = SampleRuns.whole();
        return new Run(
                Run.SCHEMA_VERSION,
                like.tracetoll(),
                like.started(),
                environment,
                like.experiment(),
                like.command(),
                like.seed(),
                0L,
                stopped,
                arms,
                new Comparisons(like.seed()).of(arms),
                List.of());
    }

    private static Run on(Environment environment) {
        return run(environment, Stopped.NARROW_ENOUGH, SampleRuns.whole().arms());
    }

    private static Run of(Arm... arms) {
        return run(environment("performance", "tsc", START, QUIET), Stopped.BUDGET_SPENT, List.of(arms));
    }

    private static Arm untraced(String name) {
        return SampleRuns.arm(name, Arm.UNTRACED, 18_000, EventCounts.NONE);
    }

    private static Arm ebpf(String name, double medianNs) {
        return SampleRuns.arm(name, "ebpf", medianNs, new EventCounts(660, 660, 0));
    }

    private static Arm brief(String name, String technique) {
        Arm whole = SampleRuns.arm(name, technique, 18_000, EventCounts.NONE);
        return ArmDraft.of(name, technique)
                .target(whole.target(), whole.function())
                .calls(whole.calls())
                .goVersion(whole.goVersion())
                .bursts(whole.bursts().rounds(0, 4))
                .placement(whole.placement())
                .functions(1)
                .threads(1)
                .arm();
    }

    static Stream<Arguments> causes() {
        return Stream.of(
                Arguments.of(
                        on(environment("powersave", "tsc", START, QUIET)),
                        "frequency governor is powersave",
                        "cpupower"),
                Arguments.of(
                        on(environment("none", "hpet", START, QUIET)), "clock source is hpet", "available_clocksource"),
                Arguments.of(on(environment("none", "acpi_pm", START, QUIET)), "clock source is acpi_pm", "TSC"),
                Arguments.of(
                        on(environment("none", "tsc", new LoadSample(1.01, 0, 0, 0L, 0L, 5L), QUIET)),
                        "load average 1.01 on 2 CPUs",
                        "stop other work"),
                Arguments.of(
                        on(environment(
                                "none", "tsc", START, new LoadSample(0, 1_100_000_000L, 100_000_000_000L, 0L, 0L, 5L))),
                        "the hypervisor took 1.1 %",
                        "not shared"),
                Arguments.of(
                        on(environment(
                                "none",
                                "tsc",
                                START,
                                new LoadSample(0, 0, 100_000_000_000L, 40_000_000_000L, 34_000_000_000L, 5L))),
                        "other programs used 6.0 %",
                        "stop other work"),
                Arguments.of(
                        on(environment("none", "tsc", START, new LoadSample(0, 0, 100_000_000_000L, 0L, 0L, 8L))),
                        "throttled 3 times",
                        "cool"),
                Arguments.of(
                        of(untraced("untraced"), SampleRuns.arm("ebpf", "ebpf", 26_000, new EventCounts(660, 650, 10))),
                        "lossy: arm \"ebpf\"",
                        "ring buffer"),
                Arguments.of(
                        of(untraced("untraced"), SampleRuns.arm("ebpf", "ebpf", 26_000, new EventCounts(660, 650, 0))),
                        "invalid: arm \"ebpf\"",
                        "do not use"),
                Arguments.of(
                        of(brief("untraced", Arm.UNTRACED), brief("untraced-again", Arm.UNTRACED)),
                        "only 4 rounds",
                        "--budget"),
                Arguments.of(
                        of(untraced("untraced"), untraced("untraced-again"), ebpf("ebpf", 18_050)),
                        "not above the noise floor",
                        "more rounds"),
                Arguments.of(
                        of(untraced("untraced"), ebpf("ebpf", 900_000), ebpf("ebpf-again", 980_000)),
                        "two identical arms \"ebpf\"",
                        "--budget"));
    }

    @ParameterizedTest
    @MethodSource("causes")
    void warnsWithARemedy(Run run, String what, String remedy) {
        assertThat(RunCheck.warnings(run)).anySatisfy(warning -> {
            assertThat(warning.what()).contains(what);
            assertThat(warning.remedy()).contains(remedy);
        });
    }

    @Test
    void doubtsNothingWithoutACause() {
        assertThat(RunCheck.warnings(on(environment("performance", "kvm-clock", START, QUIET))))
                .isEmpty();
    }
}
