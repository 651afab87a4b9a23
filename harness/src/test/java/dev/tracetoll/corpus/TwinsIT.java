package dev.tracetoll.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tracetoll.golang.Candidate;
import dev.tracetoll.golang.GoBinary;
import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.stress.TestProgram;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.testing.NeedsPtrace;
import dev.tracetoll.tracing.Tracer;
import dev.tracetoll.tracing.ebpf.EbpfOptions;
import dev.tracetoll.tracing.ebpf.EbpfTracer;
import dev.tracetoll.tracing.format.JsonEvents;
import dev.tracetoll.tracing.plan.SitePricing;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.plan.TraceRequest;
import dev.tracetoll.tracing.ptrace.PtraceTracer;
import dev.tracetoll.tracing.record.Shape;
import dev.tracetoll.tracing.uprobe.Emulation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The three that write records say the same of the same calls, whatever their arguments and results are: the program that interprets
 * descriptions, the programs that are compiled for shapes, and Java's writer.
 */
@BesideOthers
@NeedsEbpf
@NeedsPtrace
class TwinsIT {

    private static final int RING_BYTES = 64 << 20;
    private static final int PROGRAMS = 4;
    private static final int MOST_BYTES = 200;
    private static final int DEEPEST = 4;
    private static final Pattern ADDRESS = Pattern.compile("\"0x[0-9a-f]+\"");
    private static final Pattern FUNCTIONS = Pattern.compile(CorpusProgram.FUNCTIONS);

    @TempDir
    private Path directory;

    /** Programs with random types and values, and random limits. */
    static Stream<CorpusSpec> programs() {
        Random random = new Random(20261129);
        return Stream.generate(() -> new CorpusSpec(
                        random.nextInt(Integer.MAX_VALUE),
                        102,
                        3,
                        0,
                        CorpusSpec.Types.ALL,
                        random.nextInt(MOST_BYTES),
                        random.nextInt(DEEPEST)))
                .limit(PROGRAMS);
    }

    @ParameterizedTest
    @MethodSource("programs")
    void sayTheSame(CorpusSpec spec) {
        CorpusProgram program = CorpusProgram.build(CorpusProgram.writeSource(spec), CorpusProgram.Go.NEWEST, true);
        TracePlan plan = plan(program, spec);
        assertThat(plan.sites())
                .as("sites that are compiled")
                .anyMatch(site -> Shape.of(site, plan).isPresent());
        EbpfOptions options = EbpfOptions.best().ringBytes(RING_BYTES);

        List<JsonNode> interpreted = trace(program, plan, new EbpfTracer(options.interpreted()));
        assertThat(interpreted).hasSizeGreaterThan(500);
        same(trace(program, plan, new EbpfTracer(options)), interpreted);
        same(trace(program, plan, new PtraceTracer()), interpreted);
    }

    private static TracePlan plan(CorpusProgram program, CorpusSpec spec) {
        SitePricing pricing = Emulation.ofThisKernel();
        try (GoBinary binary = GoBinary.open(program.path(), pricing)) {
            List<TracedFunction> functions = binary.matching(FUNCTIONS.asPredicate()).stream()
                    .filter(Candidate.Traceable.class::isInstance)
                    .map(candidate -> ((Candidate.Traceable) candidate).function())
                    .toList();
            return new TracePlan(
                    new TraceRequest(
                            program.path(),
                            functions,
                            binary.runtimeLayout(),
                            binary.types(),
                            true,
                            spec.maxBytes(),
                            spec.depth()),
                    pricing);
        }
    }

    /** What it does, event by event, without what differs from run to run. */
    private List<JsonNode> trace(CorpusProgram program, TracePlan plan, Tracer tracer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        JsonEvents events = new JsonEvents(bytes);
        new TestProgram(TestProgram.Go.NEWEST, program.path())
                .trace(
                        tracer,
                        plan,
                        event -> {
                            try {
                                events.write(event);
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        },
                        directory.resolve("output"),
                        Map.of(),
                        directory.resolve("truth").toString());
        try {
            events.flush();
            ObjectMapper mapper = new ObjectMapper();
            List<JsonNode> read = new ArrayList<>();
            for (String line : bytes.toString(StandardCharsets.UTF_8).lines().toList()) {
                ObjectNode event =
                        (ObjectNode) mapper.readTree(ADDRESS.matcher(line).replaceAll("\"address\""));
                read.add(event.without(List.of("thread", "timestampNs", "durationNs")));
            }
            return read;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void same(List<JsonNode> events, List<JsonNode> others) {
        assertThat(events).hasSameSizeAs(others);
        for (int i = 0; i < events.size(); i++) {
            JsonNode event = events.get(i);
            JsonNode other = others.get(i);
            assertThat(isSame(event, other)).as("%s%nand%n%s", event, other).isTrue();
        }
    }

    /** What is in floating-point registers the one can read where the other cannot. */
    private static boolean isSame(JsonNode one, JsonNode other) {
        if (one.has("unreadable") || other.has("unreadable") || one.equals(other)) {
            return true;
        }
        if (one.getNodeType() != other.getNodeType()
                || !one.isContainerNode()
                || !names(one).equals(names(other))) {
            return false;
        }
        if (one.has("entries")) {
            return one.get("length").equals(other.get("length"))
                    && haveSameEntries(
                            one.get("entries"),
                            other.get("entries"),
                            one.get("length").asInt());
        }
        return areSame(elements(one), elements(other));
    }

    /** Where an entry of a map is, and so which of them are read of a large one, is another matter in each run. */
    private static boolean haveSameEntries(JsonNode entries, JsonNode others, int length) {
        return entries.size() == others.size() && (entries.size() < length || areSame(sorted(entries), sorted(others)));
    }

    private static boolean areSame(List<JsonNode> ones, List<JsonNode> others) {
        return ones.size() == others.size()
                && IntStream.range(0, ones.size()).allMatch(i -> isSame(ones.get(i), others.get(i)));
    }

    private static List<JsonNode> sorted(JsonNode entries) {
        return elements(entries).stream()
                .sorted(Comparator.comparing(JsonNode::toString))
                .toList();
    }

    private static List<String> names(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static List<JsonNode> elements(JsonNode node) {
        List<JsonNode> elements = new ArrayList<>();
        node.elements().forEachRemaining(elements::add);
        return elements;
    }
}
