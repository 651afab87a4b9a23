package dev.tracetoll.results;

import dev.tracetoll.stats.Bursts;
import java.util.List;

/** An arm in the making: of 200 untraced calls by one thread wherever it likes, unless something else is said. */
public final class ArmDraft {

    private final String name;
    private final String technique;
    private String target = "calls";
    private String function = "main.probed";
    private int calls = 200;
    private boolean returnsTraced;
    private String goVersion = "go1.26.1";
    private int warmupBursts;
    private Bursts bursts = Bursts.joined(List.of());
    private EventCounts callEvents = EventCounts.NONE;
    private EventCounts returnEvents = EventCounts.NONE;
    private long targetCpuNs;
    private long tracerCpuNs;
    private long targetPeakBytes;
    private long tracerPeakBytes;
    private CpuPlacement placement = CpuPlacement.UNPINNED;
    private List<String> arguments = List.of();
    private int probedFunctions;
    private int threads;
    private List<Site> sites = List.of();
    private boolean peer;
    private long ringBytes;
    private List<Metric> metrics = List.of();
    private List<String> signatures = List.of();

    private ArmDraft(String name, String technique) {
        this.name = name;
        this.technique = technique;
    }

    public static ArmDraft of(String name, String technique) {
        return new ArmDraft(name, technique);
    }

    public ArmDraft target(String itself, String probed) {
        target = itself;
        function = probed;
        return this;
    }

    public ArmDraft calls(int ofABurst) {
        calls = ofABurst;
        return this;
    }

    public ArmDraft returnsTraced(boolean whether) {
        returnsTraced = whether;
        return this;
    }

    public ArmDraft goVersion(String version) {
        goVersion = version;
        return this;
    }

    public ArmDraft warmups(int thrownAway) {
        warmupBursts = thrownAway;
        return this;
    }

    public ArmDraft bursts(Bursts measured) {
        bursts = measured;
        return this;
    }

    public ArmDraft bursts(List<List<Long>> measuredNs) {
        return bursts(Bursts.of(measuredNs));
    }

    public ArmDraft events(EventCounts ofCalls, EventCounts ofReturns) {
        callEvents = ofCalls;
        returnEvents = ofReturns;
        return this;
    }

    public ArmDraft events(EventCounts ofCalls) {
        return events(ofCalls, EventCounts.NONE);
    }

    public ArmDraft cpuNs(long ofTarget, long ofTracer) {
        targetCpuNs = ofTarget;
        tracerCpuNs = ofTracer;
        return this;
    }

    public ArmDraft peakBytes(long ofTarget, long ofTracer) {
        targetPeakBytes = ofTarget;
        tracerPeakBytes = ofTracer;
        return this;
    }

    public ArmDraft placement(CpuPlacement where) {
        placement = where;
        return this;
    }

    public ArmDraft arguments(List<String> line) {
        arguments = line;
        return this;
    }

    public ArmDraft functions(int probed) {
        probedFunctions = probed;
        return this;
    }

    public ArmDraft threads(int most) {
        threads = most;
        return this;
    }

    public ArmDraft sites(List<Site> probed) {
        sites = probed;
        return this;
    }

    public ArmDraft peer(boolean whether) {
        peer = whether;
        return this;
    }

    public ArmDraft metrics(Metric... some) {
        metrics = List.of(some);
        return this;
    }

    public ArmDraft signatures(List<String> traced) {
        signatures = traced;
        return this;
    }

    public ArmDraft ringBytes(long bytes) {
        ringBytes = bytes;
        return this;
    }

    public Arm arm() {
        return new Arm(
                name,
                technique,
                target,
                function,
                calls,
                returnsTraced,
                goVersion,
                warmupBursts,
                bursts,
                callEvents,
                returnEvents,
                targetCpuNs,
                tracerCpuNs,
                targetPeakBytes,
                tracerPeakBytes,
                placement,
                arguments,
                probedFunctions,
                threads,
                sites,
                peer,
                ringBytes,
                metrics,
                signatures);
    }
}
