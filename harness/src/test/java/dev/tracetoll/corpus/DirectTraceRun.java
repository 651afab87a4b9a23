package dev.tracetoll.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.re2j.Pattern;
import dev.tracetoll.golang.Emulation;
import dev.tracetoll.golang.GoBinary;
import dev.tracetoll.linux.ChildProcess;
import dev.tracetoll.linux.ExitStatus;
import dev.tracetoll.linux.KernelVersion;
import dev.tracetoll.linux.Launch;
import dev.tracetoll.linux.Redirect;
import dev.tracetoll.linux.Uprobes;
import dev.tracetoll.tracing.EventSink;
import dev.tracetoll.tracing.NamedValue;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.TraceEvent;
import dev.tracetoll.tracing.TracePlan;
import dev.tracetoll.tracing.TraceRequest;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.TracedProcess;
import dev.tracetoll.tracing.Tracer;
import dev.tracetoll.tracing.ebpf.EbpfTracer;
import dev.tracetoll.tracing.ptrace.PtraceTracer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Traces a generated program with a tracer itself, without the command line around it. */
final class DirectTraceRun implements TraceRun {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int RING_BYTES = 128 << 20;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final int maxBytes;
    private final int depth;

    DirectTraceRun(CorpusSpec spec) {
        maxBytes = spec.maxBytes();
        depth = spec.depth();
    }

    @Override
    public List<JsonNode> trace(Path program, List<String> args, String backend) {
        KernelVersion kernel = KernelVersion.running();
        TracePlan plan;
        try (GoBinary binary = GoBinary.open(program, new Emulation(kernel.major(), kernel.minor()))) {
            plan = new TracePlan(request(program, binary));
        }
        return trace(program, args, tracer(backend), plan);
    }

    private static Tracer tracer(String backend) {
        // Room for all that a program writes: what is tested is what is captured, not how fast it is read.
        return backend.equals("ebpf") ? new EbpfTracer(RING_BYTES, Uprobes.bestMode()) : new PtraceTracer();
    }

    private static List<JsonNode> trace(Path program, List<String> args, Tracer tracer, TracePlan plan) {
        Launch launch = new Launch(program, args, Map.of("PATH", "/usr/bin:/bin"), Redirect.NULL, Redirect.INHERIT, Redirect.INHERIT, true);
        List<JsonNode> lines = new ArrayList<>();
        EventSink sink = event -> lines.add(line(event));
        TraceCounts counts;
        try (ChildProcess child = ChildProcess.spawn(launch)) {
            try (TraceSession session = tracer.attach(plan, new TracedProcess(child.pid(), true, child::reaped), sink)) {
                child.resume();
                ExitStatus exit = child.awaitExit(PATIENCE).orElseThrow(() -> new AssertionError(program + " has not ended in time"));
                assertThat(exit.describe()).as("end of %s", program).isEqualTo(ExitStatus.ofWaitStatus(0).describe());
                session.settle();
                counts = session.counts();
            }
        }
        lines.add(JSON.createObjectNode().put("event", "summary").put("lost", counts.lost()));
        return reparsed(lines);
    }

    private TraceRequest request(Path program, GoBinary binary) {
        Pattern wanted = Pattern.compile(CorpusProgram.FUNCTIONS);
        List<String> names = binary.functionNames().stream().filter(name -> wanted.matcher(name).find()).sorted().toList();
        return new TraceRequest(program, names.stream().map(binary::function).toList(), binary.runtimeLayout(), binary.types(), true,
                maxBytes, depth);
    }

    private static JsonNode line(TraceEvent event) {
        ObjectNode line = JSON.createObjectNode();
        if (event instanceof TraceEvent.Call call) {
            line.put("event", "call").set("arguments", variables(call.arguments()));
        } else if (event instanceof TraceEvent.Return returned) {
            line.put("event", "return").set("results", variables(returned.results()));
        } else if (event instanceof TraceEvent.NoReturn none) {
            line.put("event", "noReturn").put("why", none.why());
        }
        return line.put("id", event.id()).put("function", event.function().name()).put("goroutine", event.goroutine());
    }

    private static ArrayNode variables(List<NamedValue> values) {
        ArrayNode list = JSON.createArrayNode();
        values.forEach(each -> list.addObject().put("name", each.name()).put("type", each.type()).set("value", ValueJson.of(each.value())));
        return list;
    }

    /** As they would come out of a file, with numbers of the classes that a parser makes. */
    private static List<JsonNode> reparsed(List<JsonNode> lines) {
        List<JsonNode> parsed = new ArrayList<>();
        try {
            for (JsonNode line : lines) {
                parsed.add(JSON.readTree(line.toString()));
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
        return parsed;
    }
}
