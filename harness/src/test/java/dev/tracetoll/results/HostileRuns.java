package dev.tracetoll.results;

import dev.tracetoll.environment.Environment;
import dev.tracetoll.stats.Bursts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Runs that are whole, and make it hard to show them: by what things are called, by how many there are, by what is missing. */
public final class HostileRuns {

    /** What makes a script, or a part of a template or of a picture, of names that are not escaped. */
    public static final List<String> NAMES = List.of(
            "<script>alert('name')</script>",
            "\"><img src=x onerror=alert(1)>",
            "' onmouseover='alert(1)",
            "</title></style></text></svg><svg onload=alert(1)>",
            "<!-- --><![CDATA[ ]]>&lt;b&gt;&amp;",
            "{{environment}} {{charts}} $1 \\1 %s",
            " id=\"a\" url(#b) font-family:&quot;x&quot;",
            "javascript:alert(1)",
            "line\nline\ttab\u001b[31m\u0007",
            "\u202eright to left\u202c \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
            "\u5171\u4eab\u5e93 \ud83d\ude80 e\u0301\u0301\u0301\u0301 \u00adsoft\u200bzero",
            "unbroken".repeat(1_280));

    private static final EventCounts ALL_SEEN = new EventCounts(66_000, 66_000, 0);
    private static final int MANY_ARMS = 100;
    private static final int MANY_FUNCTIONS = 2_000;

    private HostileRuns() {}

    /** All of them, by what is hard about them. */
    public static Map<String, Run> all() {
        Map<String, Run> runs = new LinkedHashMap<>();
        runs.put("names", names());
        runs.put("long-name", longName());
        runs.put("only-untraced", onlyUntraced());
        runs.put("one-burst", oneBurst());
        runs.put("flawed", SampleRuns.flawed());
        runs.put("many-arms", manyArms());
        runs.put("many-functions", manyFunctions());
        return runs;
    }

    /** Every name of {@link #NAMES} but the long one, of whatever has a name. */
    public static Run names() {
        List<Arm> arms = new ArrayList<>(List.of(SampleRuns.arm("untraced", Arm.UNTRACED, 23_700, EventCounts.NONE)));
        for (String name : NAMES.subList(0, NAMES.size() - 1)) {
            arms.add(SampleRuns.arm(name, name, 683_000, ALL_SEEN));
        }
        arms.add(SampleRuns.arm("untraced-again", Arm.UNTRACED, 23_700, EventCounts.NONE));
        return named(String.join(" ", NAMES.subList(0, NAMES.size() - 1)), arms);
    }

    /** Names of 10 KiB without a space. */
    public static Run longName() {
        String name = NAMES.get(NAMES.size() - 1);
        return named(
                name,
                List.of(
                        SampleRuns.arm("untraced", Arm.UNTRACED, 23_700, EventCounts.NONE),
                        SampleRuns.arm(name, name, 683_000, ALL_SEEN)));
    }

    /** No technique at all. */
    public static Run onlyUntraced() {
        return SampleRuns.run(List.of(SampleRuns.arm("untraced", Arm.UNTRACED, 23_700, EventCounts.NONE)));
    }

    /** One burst of each arm. */
    public static Run oneBurst() {
        return SampleRuns.run(SampleRuns.headline().arms().stream()
                .map(arm -> ArmDraft.of(arm.name(), arm.technique())
                        .target(arm.target(), arm.function())
                        .bursts(List.of(List.of(arm.bursts().all().findFirst().orElseThrow())))
                        .events(arm.callEvents(), arm.returnEvents())
                        .arm())
                .toList());
    }

    /** Two hundred arms, of three bursts. */
    public static Run manyArms() {
        return SampleRuns.run(IntStream.range(0, MANY_ARMS)
                .mapToObj(i -> {
                    String name = i == 0 ? Arm.UNTRACED : "technique-" + i;
                    return ArmDraft.of(name, name)
                            .target("calls", "main.work")
                            .bursts(Bursts.of(
                                    List.of(List.of(20_000L + 4_000L * i, 21_000L + 4_000L * i, 22_000L + 4_000L * i))))
                            .events(i == 0 ? EventCounts.NONE : ALL_SEEN)
                            .arm();
                })
                .toList());
    }

    /** Two thousand functions, all traced. */
    public static Run manyFunctions() {
        List<String> signatures = IntStream.rangeClosed(1, MANY_FUNCTIONS)
                .mapToObj(i -> "main.(*T).function" + i + "(t *main.T, s []map[string]interface {}) (n int, err error)")
                .toList();
        return SampleRuns.run(SampleRuns.headline().arms().stream()
                .map(arm -> ArmDraft.of(arm.name(), arm.technique())
                        .target(arm.target(), arm.function())
                        .bursts(arm.bursts())
                        .events(arm.callEvents(), arm.returnEvents())
                        .functions(arm.untraced() ? 0 : MANY_FUNCTIONS)
                        .signatures(arm.untraced() ? List.of() : signatures)
                        .arm())
                .toList());
    }

    /** Of a function whose name is that of its parameter, too, and of all types. */
    public static String signature(String name) {
        return name + "(" + name + " " + name + ") (" + name + ", error)";
    }

    /** A run in which all that is not an arm is called the same. */
    private static Run named(String name, List<Arm> arms) {
        List<Arm> renamed = arms.stream()
                .map(arm -> ArmDraft.of(arm.name(), arm.technique())
                        .target(name, name)
                        .returnsTraced(arm.returnsTraced())
                        .goVersion(name)
                        .bursts(arm.bursts())
                        .events(arm.callEvents(), arm.returnEvents())
                        .cpuNs(arm.targetCpuNs(), arm.tracerCpuNs())
                        .peakBytes(arm.targetPeakBytes(), arm.tracerPeakBytes())
                        .arguments(List.of(name))
                        .functions(arm.probedFunctions())
                        .threads(arm.threads())
                        .sites(List.of(new Site(name, name, name)))
                        .signatures(arm.untraced() ? List.of() : List.of(signature(name)))
                        .arm())
                .toList();
        Run run = SampleRuns.run(renamed);
        return new Run(
                run.schemaVersion(),
                new Build(name, name),
                run.started(),
                environment(name, run.environment()),
                run.experiment(),
                List.of(name, name),
                run.seed(),
                run.budgetNs(),
                run.stopped(),
                run.arms(),
                run.comparisons(),
                List.of(new Warning(name, name)));
    }

    private static Environment environment(String name, Environment like) {
        return new Environment(
                name,
                name,
                name,
                name,
                name,
                like.cpus(),
                name,
                name,
                name,
                new TreeMap<>(Map.of(name, name)),
                List.of(name),
                like.memoryBytes(),
                name,
                name,
                new TreeMap<>(Map.of(name, name)),
                like.atStart(),
                like.atEnd());
    }
}
