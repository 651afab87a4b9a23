package dev.tracetoll.cli;

import dev.tracetoll.bench.PacedTarget;
import dev.tracetoll.burst.Load;
import dev.tracetoll.environment.Environment;
import dev.tracetoll.environment.EnvironmentProbe;
import dev.tracetoll.experiment.tune.CheckDocument;
import dev.tracetoll.experiment.tune.CheckTrials;
import dev.tracetoll.experiment.tune.Policy;
import dev.tracetoll.experiment.tune.RecordedTrace;
import dev.tracetoll.experiment.tune.RingSize;
import dev.tracetoll.experiment.tune.Setting;
import dev.tracetoll.experiment.tune.TuneCheckExperiment;
import dev.tracetoll.experiment.tune.TuneExperiment;
import dev.tracetoll.experiment.tune.TuneTrials;
import dev.tracetoll.experiment.tune.Tuning;
import dev.tracetoll.experiment.tune.TuningCheck;
import dev.tracetoll.experiment.tune.TuningScreen;
import dev.tracetoll.experiment.tune.TuningStore;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.Inconclusive;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.report.ReportWriter;
import dev.tracetoll.results.CpuPlacement;
import dev.tracetoll.tracing.buffer.BufferOptions;
import dev.tracetoll.tracing.buffer.BufferOptions.Stalls;
import dev.tracetoll.tracing.ebpf.ArrivalTracer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tracetoll tune}: how large a buffer between BPF programs and their reader has to be, and when it is best read. */
@Command(
        name = "tune",
        description =
                "Find out how large a ring buffer has to be for what comes, how it is best read, and what that costs the traced program.",
        footer = {
            "",
            "Calls come by a schedule, whoever reads. Exits 0 with an advice, 4 if nothing that was tried holds what comes, or there is too little time."
        })
final class TuneCommand implements Callable<Integer> {

    /** How long a load lasts, unless stalls are further apart. */
    private static final double LOAD_SECONDS = 0.4;
    /** Loads with stalls have some of them. */
    private static final double STALLS_OF_A_LOAD = 3.5;
    /** Calls as fast as can be, traced. */
    private static final int UNPACED_CALLS = 250_000;
    /** How many a second that is, about. */
    private static final double UNPACED_RATE = 1e6;
    /** What policies cost is measured at the trace's mean rate, or this one. */
    private static final double MOST_REPLAYED = 200_000;

    private static final double LEAST_REPLAYED = 2_000;
    private static final int DEFAULT_PAYLOAD = 64;
    private static final int ENDED_BY_SIGNAL = 128;
    /** Readers, arrivals, and the rounds without which there is no interval. */
    private static final double LEAST_LOADS = 60;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "100000",
            description =
                    "Calls a second, of all threads together; 0 for as many as they can (default: ${DEFAULT-VALUE}).")
    private double rate;

    @Option(
            names = "--arrivals",
            paramLabel = "steady|poisson|bursts",
            defaultValue = "steady",
            description = "How calls follow each other (default: ${DEFAULT-VALUE}).")
    private Load.Kind arrivals;

    @Option(
            names = "--burst",
            paramLabel = "N",
            defaultValue = "1000",
            description = "With --arrivals bursts, calls of a burst (default: ${DEFAULT-VALUE}).")
    private int burst;

    @Option(
            names = "--peak",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "With --arrivals bursts, calls a second within a burst; 0 for as many as can be (default: ${DEFAULT-VALUE}).")
    private double peak;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "1",
            description = "Threads that call (default: ${DEFAULT-VALUE}).")
    private int threads;

    @Option(
            names = "--payload",
            paramLabel = "BYTES",
            description =
                    "Bytes of a record, its header not counted; rounded up to 8 (default: 64, with --function those of our own tracer).")
    private Integer payload;

    @Option(
            names = "--from-trace",
            paramLabel = "FILE",
            description =
                    "Take when records come from a trace that was recorded by trace --format json, instead of --rate, --arrivals and --threads.")
    private Path fromTrace;

    @Mixin
    private ProgressOption progress;

    @Mixin
    private ObservedProgram observed;

    @Option(
            names = "--stall",
            paramLabel = "D",
            converter = DurationConverter.class,
            description =
                    "The reader does nothing for that long now and then, as in a garbage collection (default: never).")
    private Duration stall;

    @Option(
            names = "--stall-every",
            paramLabel = "D",
            converter = DurationConverter.class,
            description = "From one stall to the next (default: four times as long as a stall).")
    private Duration stallEvery;

    @Option(
            names = "--placement",
            paramLabel = "unpinned|one-core|two-cores",
            defaultValue = "unpinned",
            description =
                    "Where the reader runs: anywhere, on the core of the threads that call, or on another (default: ${DEFAULT-VALUE}).",
            converter = PlacementConverter.class)
    private CpuPlacement placement;

    @Option(
            names = "--safety",
            paramLabel = "N",
            defaultValue = "1.5",
            description = "How many times what is needed a buffer is to hold (default: ${DEFAULT-VALUE}).")
    private double safety;

    @Option(
            names = "--horizon",
            paramLabel = "D",
            converter = DurationConverter.class,
            description =
                    "For how long nothing is to be lost, with 98 %% by extreme values of how late the reader was seen to be (default: for a load of "
                            + "half a second).")
    private Duration horizon;

    @Option(
            names = "--latency",
            paramLabel = "D",
            converter = DurationConverter.class,
            description = "No more than one record in a thousand may wait longer to be read (default: all the same).")
    private Duration latency;

    @Option(
            names = "--policy",
            paramLabel = "NAME",
            description = "Try these alone: ring-adaptive, ringbuf-caught-up, ...; repeatable (default: all).")
    private List<String> policies = List.of();

    @Option(
            names = "--budget",
            paramLabel = "D",
            converter = DurationConverter.class,
            defaultValue = "90s",
            description = "How long it may take, about (default: ${DEFAULT-VALUE}).")
    private Duration budget;

    @Option(
            names = "--check",
            paramLabel = "N",
            description =
                    "Instead, check the model on N settings of all kinds: is the size that it says enough, and not too much?")
    private Integer check;

    @Option(
            names = "--verify",
            description =
                    "Try what is advised once more, ten times, and show what was foreseen beside what was measured.")
    private boolean verify;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of what is random (default: random).")
    private Long seed;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where results/ and reports/ are kept (default: this clone, or ~/.local/share/tracetoll).")
    private Path out;

    @Override
    public Integer call() {
        requireOneSource();
        // All that can be refused is, before a program is watched for seconds.
        List<Policy> chosen = chosen();
        requireTime(setting(), chosen);
        EbpfBackend.require("");
        Path home = Invocation.home(out);
        TuningStore store = new TuningStore(home.resolve("results"));
        store.requireWritable();
        Path reports = home.resolve("reports");
        new ReportWriter(reports).requireWritable();
        Optional<Subject> subject;
        if (observed.given()) {
            ObservedProgram.Observation observation = observed.observe(spec);
            if (observation.interrupted().isPresent()) {
                return ENDED_BY_SIGNAL + observation.interrupted().getAsInt();
            }
            subject = Optional.of(subject(observation));
        } else {
            subject = Optional.ofNullable(fromTrace).map(this::subject);
        }
        // The program says at which rate and how large.
        Setting setting = setting();
        requireTime(setting, chosen);
        Instant started = Instant.now();
        long number = Invocation.seed(seed);
        EnvironmentProbe probe = new EnvironmentProbe();
        Environment before = probe.read(Environment.UNKNOWN, new TreeMap<>());
        if (check != null) {
            return check(store, reports, started, number, before);
        }
        TuneTrials.Outcome outcome = measure(setting, subject.map(Subject::seen), chosen, number);
        Tuning tuning = new Tuning(
                Tuning.SCHEMA_VERSION,
                Version.build(),
                started,
                before.builtWith(outcome.goVersion()).endedWith(probe.load()),
                Invocation.words(spec),
                number,
                subject.map(each -> each.words + "; on average ").orElse("") + setting.inWords(),
                outcome.reachedRate(),
                setting.recordBytes(),
                safety,
                latency == null ? null : latency.toNanos(),
                outcome.rounds(),
                outcome.untracedNsACall(),
                outcome.untracedRoundsNs(),
                outcome.probeNs(),
                outcome.tried(),
                outcome.advised().map(Policy::word).orElse(null),
                outcome.curves(),
                outcome.wakeups(),
                outcome.verified().orElse(null));
        Path directory = store.save(tuning);
        Path report = new TuneExperiment().report(directory, reports);
        System.out.print(new TuningScreen(StandardOutput.screen()).render(tuning));
        System.out.println();
        System.out.println("results  " + directory.resolve(TuningStore.TUNING_FILE));
        System.out.println("report   " + report);
        return tuning.advised() == null ? Inconclusive.EXIT_CODE : 0;
    }

    /** What the buffers are for, if that is a program. */
    private record Subject(String words, TuneTrials.Seen seen) {}

    private void requireOneSource() {
        observed.check(spec);
        Stream.of("--rate", "--arrivals", "--burst", "--peak", "--threads", "--from-trace")
                .filter(option -> observed.given() || fromTrace != null && !option.equals("--from-trace"))
                .filter(spec.commandLine().getParseResult()::hasMatchedOption)
                .findFirst()
                .ifPresent(option -> {
                    throw new BadInput(option + " says when records come, and so does "
                            + (observed.given() ? "--function" : "--from-trace") + "; leave out one of them");
                });
    }

    /** What policies cost is measured at the program's mean rate. */
    private void replay(double meanRate) {
        rate = Math.max(LEAST_REPLAYED, Math.min(meanRate, MOST_REPLAYED));
        arrivals = Load.Kind.POISSON;
    }

    private Subject subject(Path file) {
        RecordedTrace recorded = RecordedTrace.read(file, BufferOptions.HEADER_BYTES + payloadBytes());
        replay(recorded.rate());
        return new Subject(
                "what " + file.getFileName() + " recorded, " + HumanUnits.count((double) recorded.events()) + " events",
                new TuneTrials.Seen(recorded.arrivals(), 0));
    }

    private Subject subject(ObservedProgram.Observation observation) {
        ArrivalTracer.Observed seen = observation.seen();
        replay(1e9 * seen.arrivals().total() / seen.ns());
        threads = RingSize.threads(seen.busyCpus());
        boolean ours = payload == null;
        if (ours) {
            payload = RingSize.payloadBytes(seen.recordBytes());
        }
        return new Subject(
                observation.inWords(),
                new TuneTrials.Seen(
                        seen.arrivals().times(BufferOptions.HEADER_BYTES + payloadBytes()), ours ? seen.readNs() : 0));
    }

    private int check(TuningStore store, Path reports, Instant started, long number, Environment environment) {
        ProgressLine line = progress.line();
        List<TuningCheck.Checked> checked;
        String goVersion;
        try (PacedTarget target = new PacedTarget()) {
            goVersion = target.goVersion();
            checked = new CheckTrials(target, number, line::show).run(check);
        } finally {
            line.clear();
        }
        TuningCheck all = new TuningCheck(
                TuningCheck.SCHEMA_VERSION,
                Version.build(),
                started,
                environment.builtWith(goVersion),
                Invocation.words(spec),
                number,
                CheckTrials.RUNS,
                checked);
        Path directory = store.save(all);
        System.out.println(new CheckDocument(all).summary());
        System.out.println();
        System.out.println("results  " + directory.resolve(TuningCheck.FILE));
        System.out.println("report   " + new TuneCheckExperiment().report(directory, reports));
        return 0;
    }

    private TuneTrials.Outcome measure(
            Setting setting, Optional<TuneTrials.Seen> seen, List<Policy> chosen, long number) {
        ProgressLine line = progress.line();
        try (PacedTarget target = new PacedTarget(placement)) {
            return new TuneTrials(
                            target,
                            setting,
                            seen,
                            safety,
                            horizon == null ? Duration.ZERO : horizon,
                            verify,
                            number,
                            budget,
                            line::show)
                    .run(chosen, Optional.ofNullable(latency).map(Duration::toNanos));
        } finally {
            line.clear();
        }
    }

    private List<Policy> chosen() {
        return policies.isEmpty()
                ? Policy.ALL
                : policies.stream()
                        .map(word -> Policy.named(word)
                                .orElseThrow(() -> new BadInput("No --policy " + word + "; there are "
                                        + Policy.words().collect(Collectors.joining(", ")))))
                        .toList();
    }

    private Setting setting() {
        require(rate >= 0 && rate <= 1e9, "--rate " + rate, "0 to 1e9 calls a second");
        require(threads >= 1 && threads <= 1024, "--threads " + threads, "1 to 1024");
        require(
                payloadBytes() >= BufferOptions.LEAST_RECORD_BYTES && payloadBytes() <= BufferOptions.MOST_RECORD_BYTES,
                "--payload " + payload,
                BufferOptions.LEAST_RECORD_BYTES + " to " + BufferOptions.MOST_RECORD_BYTES + " bytes");
        require(safety >= 1 && safety <= 100, "--safety " + safety, "1 to 100");
        require(check == null || check >= 1 && check <= 10_000, "--check " + check, "1 to 10000 settings");
        require(burst >= 1, "--burst " + burst, "1 or more");
        require(peak >= 0, "--peak " + peak, "0 or more");
        boolean inBursts = arrivals == Load.Kind.BURSTS;
        require(!inBursts || rate > 0, "--rate 0 with --arrivals bursts", "a rate above 0");
        require(
                stall != null || stallEvery == null,
                "--stall-every without --stall",
                "a --stall that it is the distance of");
        Stalls stalls = stall == null
                ? Stalls.NONE
                : new Stalls(stall, stallEvery == null ? stall.multipliedBy(4) : stallEvery);
        require(
                stall == null || stalls.every().compareTo(stall) > 0,
                "--stall-every of no more than --stall",
                "more than a stall lasts, as the reader does nothing else");
        double seconds = Math.max(
                LOAD_SECONDS,
                stall == null ? 0 : STALLS_OF_A_LOAD * stalls.every().toNanos() / 1e9);
        int calls = rate > 0
                ? (int) Math.max(200, Math.min(50e6, rate * seconds))
                // With stalls, so many that there are some while they last.
                : stall == null ? UNPACED_CALLS : (int) Math.max(UNPACED_CALLS, Math.min(50e6, UNPACED_RATE * seconds));
        return new Setting(
                new Load(calls, rate, arrivals, inBursts ? burst : 0, inBursts ? peak : 0, threads, 1),
                payloadBytes(),
                stalls,
                placement);
    }

    private int payloadBytes() {
        int bytes = payload == null ? DEFAULT_PAYLOAD : payload;
        return (bytes + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
    }

    private static void require(boolean fine, String what, String instead) {
        if (!fine) {
            throw new BadInput(what + " makes no sense; choose " + instead);
        }
    }

    /** Refuses a budget that there can be no answer in. */
    private void requireTime(Setting setting, List<Policy> chosen) {
        double loadSeconds = setting.load().rate() == 0
                ? LOAD_SECONDS
                : setting.load().calls() / setting.load().rate();
        double least = (TuneTrials.FEWEST_ROUNDS * (chosen.size() + 2) + 3) * (loadSeconds + 0.1)
                + Math.min(LEAST_LOADS, 4.0 * chosen.size()) * LOAD_SECONDS;
        if (budget.toNanos() / 1e9 < least) {
            throw new Inconclusive(String.format(
                    Locale.ROOT,
                    "--budget %ds is too short for any answer: %d policies, each measured %d times, take about %.0f s; "
                            + "choose more, or fewer by --policy",
                    budget.toSeconds(),
                    chosen.size(),
                    TuneTrials.FEWEST_ROUNDS,
                    Math.ceil(least)));
        }
    }
}
