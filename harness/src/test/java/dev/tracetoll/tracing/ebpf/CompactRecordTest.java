package dev.tracetoll.tracing.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.golang.GoType;
import dev.tracetoll.golang.Location;
import dev.tracetoll.golang.Part;
import dev.tracetoll.golang.ProbeSite;
import dev.tracetoll.golang.ProgramTypes;
import dev.tracetoll.golang.RuntimeLayout;
import dev.tracetoll.golang.Signature;
import dev.tracetoll.golang.SiteKind;
import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.golang.Variable;
import dev.tracetoll.tracing.TraceEvent;
import dev.tracetoll.tracing.Value;
import dev.tracetoll.tracing.plan.SiteClass;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.plan.TraceRequest;
import dev.tracetoll.tracing.record.CompactRecord;
import dev.tracetoll.tracing.record.EventAssembler;
import dev.tracetoll.tracing.record.Shape;
import dev.tracetoll.x86.Code;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What a program compiled for a shape leaves out is put back. */
class CompactRecordTest {

    private static final int THREAD = 4711;
    private static final long ENTRY = 0x401000;

    private final List<TraceEvent> events = new ArrayList<>();

    private static TracePlan plan() {
        GoType.Text text = new GoType.Text("string");
        List<Variable> arguments = List.of(
                new Variable("a", text, List.of(part(0, 0), part(1, 8))),
                new Variable("b", text, List.of(part(2, 0), part(3, 8))),
                new Variable("n", new GoType.Basic("int", GoType.BasicKind.INT, 8), List.of(part(4, 0))));
        ProbeSite entry = new ProbeSite(SiteKind.ENTRY, Code.one(ENTRY, "55"), ENTRY, 0, Optional.empty());
        TracedFunction function = new TracedFunction(
                "main.work",
                arguments,
                List.of(),
                entry,
                List.of(),
                false,
                new Signature(Signature.Kind.KNOWN, ""),
                false,
                false);
        RuntimeLayout runtime = new RuntimeLayout(
                152,
                8,
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return new TracePlan(
                new TraceRequest(Path.of("program"), List.of(function), runtime, ProgramTypes.none(), false, 4, 1),
                displaced -> SiteClass.EMULATED);
    }

    private static Part part(int register, int offset) {
        return new Part(new Location.IntRegister(register), offset, 8);
    }

    /** Reads one record as the BPF program writes it, with the texts that could be read behind the first block. */
    private List<Value> read(int flags, long lengthOfA, long lengthOfB, String... texts) {
        TracePlan plan = plan();
        Shape shape = Shape.of(plan.sites().get(0), plan).orElseThrow();
        ByteBuffer data = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
        data.putInt(CompactRecord.SITE, (flags & CompactRecord.BY_ADDRESS) != 0 ? (int) ENTRY : 0)
                .putInt(CompactRecord.THREAD, THREAD | CompactRecord.COMPACT | flags)
                .putLong(CompactRecord.TIMESTAMP_NS, 5)
                .putLong(CompactRecord.GOROUTINE, 7)
                .putLong(CompactRecord.FRAME, 64);
        data.position(CompactRecord.image(shape));
        data.putLong(0xc000)
                .putLong(lengthOfA)
                .putLong(0xd000)
                .putLong(lengthOfB)
                .putLong(42);
        for (String text : texts) {
            data.put(text.getBytes(StandardCharsets.UTF_8));
            data.position(data.position() + 7 & -8);
        }
        RecordReader reader = new RecordReader(plan, new EventAssembler(plan, events::add), Map.of(shape, List.of(0)));
        reader.read(data, 0, data.position());
        TraceEvent.Call call = (TraceEvent.Call) events.get(0);
        assertThat(call.thread()).isEqualTo(THREAD);
        assertThat(call.goroutine()).isEqualTo(7);
        assertThat(call.timestampNs()).isEqualTo(5);
        assertThat(call.arguments().get(2).value()).isEqualTo(new Value.Signed(42));
        return List.of(call.arguments().get(0).value(), call.arguments().get(1).value());
    }

    private static String text(Value value) {
        Value.Text text = (Value.Text) value;
        return new String(text.bytes(), StandardCharsets.UTF_8) + "/" + text.length();
    }

    @Test
    void textsAreCutAndPadded() {
        assertThat(read(0, 2, 100, "hi", "long"))
                .extracting(CompactRecordTest::text)
                .containsExactly("hi/2", "long/100");
    }

    @Test
    void anEmptyTextIsNotThere() {
        assertThat(read(0, 0, 4, "four")).extracting(CompactRecordTest::text).containsExactly("/0", "four/4");
    }

    @Test
    void aTextThatCouldNotBeReadSaysSo() {
        List<Value> values = read(CompactRecord.UNREADABLE_TEXT, 3, 4, "four");
        assertThat(values.get(0)).isInstanceOf(Value.Unreadable.class);
        assertThat(text(values.get(1))).isEqualTo("four/4");
    }

    @Test
    void theSiteCanBeToldByItsAddress() {
        assertThat(read(CompactRecord.BY_ADDRESS, 1, 1, "a", "b"))
                .extracting(CompactRecordTest::text)
                .containsExactly("a/1", "b/1");
    }
}
