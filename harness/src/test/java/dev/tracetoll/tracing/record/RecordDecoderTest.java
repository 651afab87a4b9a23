package dev.tracetoll.tracing.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.golang.GoType;
import dev.tracetoll.golang.GoType.BasicKind;
import dev.tracetoll.golang.Location;
import dev.tracetoll.golang.MadeTypes;
import dev.tracetoll.golang.Part;
import dev.tracetoll.golang.ProgramTypes;
import dev.tracetoll.golang.Variable;
import dev.tracetoll.tracing.NamedValue;
import dev.tracetoll.tracing.TraceEvent;
import dev.tracetoll.tracing.Value;
import dev.tracetoll.tracing.plan.CaptureLimits;
import dev.tracetoll.tracing.plan.TracePlan;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** What is said of values of which not all is there, and of very many; of all others {@link RoundTripTest} knows. */
class RecordDecoderTest {

    private static final GoType INT = new GoType.Basic("int", BasicKind.INT, Long.BYTES);
    private static final GoType BYTE = new GoType.Basic("uint8", BasicKind.UINT, 1);
    private static final GoType FLOAT = new GoType.Basic("float64", BasicKind.FLOAT, Double.BYTES);
    private static final GoType EMPTY = new GoType.Struct("struct {}", List.of(), 0);
    private static final String BEYOND = "it lies beyond the 4096 bytes that are captured of a value";

    private final Memory memory = new Memory();

    private static GoType.Pointer pointerTo(GoType element) {
        return new GoType.Pointer("*" + element.name(), Optional.of(MadeTypes.to(() -> element)));
    }

    private static TracePlan plan(GoType... types) {
        return Plans.of(MadeTypes.arguments(List.of(types)), ProgramTypes.none(), CaptureLimits.MAX_BLOCK_BYTES, 2);
    }

    private void pass(TracePlan plan, int argument, long... words) {
        Variable variable = plan.sites().get(0).variables().get(argument);
        ByteBuffer image = Memory.buffer(variable.type().size());
        Arrays.stream(words, 0, Math.min(words.length, image.capacity() / Long.BYTES))
                .forEach(image::putLong);
        memory.pass(variable, image);
    }

    private ByteBuffer capture(TracePlan plan) {
        return new RecordWriter(plan).capture(plan.sites().get(0), memory, 0);
    }

    private static List<Value> read(TracePlan plan, ByteBuffer record, IntFunction<String> floats) {
        List<TraceEvent> events = new ArrayList<>();
        new EventAssembler(plan, events::add).record(record, floats);
        return ((TraceEvent.Call) events.get(0))
                .arguments().stream().map(NamedValue::value).toList();
    }

    private List<Value> seen(TracePlan plan) {
        return read(plan, capture(plan), register -> null);
    }

    /** What is seen of an argument that points to zeros. */
    private Value pointee(GoType type) {
        TracePlan plan = plan(pointerTo(type));
        pass(plan, 0, memory.place(Memory.buffer(type.size())));
        return ((Value.Pointer) seen(plan).get(0)).value().orElseThrow();
    }

    @Test
    void argumentsHaveTheirNamesAndTypes() {
        TracePlan plan = plan(INT, BYTE);
        List<TraceEvent> events = new ArrayList<>();
        new EventAssembler(plan, events::add).record(capture(plan), register -> null);

        assertThat(((TraceEvent.Call) events.get(0)).arguments())
                .containsExactly(
                        new NamedValue("a0", "int", new Value.Signed(0)),
                        new NamedValue("a1", "uint8", new Value.Unsigned(0)));
    }

    @Test
    void ofALargeArrayTheElementsAreSeenThatWereCaptured() {
        Value.Elements words = (Value.Elements) pointee(RandomValues.array(INT, 600));
        assertThat(words.length()).isEqualTo(600);
        assertThat(words.elements()).hasSize(512).containsOnly(new Value.Signed(0));

        Value.Text bytes = (Value.Text) pointee(RandomValues.array(BYTE, 5000));
        assertThat(bytes.bytes()).hasSize(4096);
        assertThat(bytes.length()).isEqualTo(5000);
    }

    @Test
    void ofALargeStructTheFieldsAreSeenThatWereCaptured() {
        GoType.Array bytes = RandomValues.array(BYTE, 4090);
        GoType.Struct large = new GoType.Struct(
                "main.Large",
                List.of(
                        new GoType.Field("front", bytes, 0),
                        new GoType.Field("cut", RandomValues.array(BYTE, 8), 4090),
                        new GoType.Field("gone", RandomValues.array(BYTE, 2), 4098),
                        new GoType.Field("word", INT, 4096),
                        new GoType.Field("words", RandomValues.array(INT, 2), 4104),
                        new GoType.Field("nothing", RandomValues.array(BYTE, 0), 4120)),
                4120);

        List<Value.Field> fields = ((Value.Struct) pointee(large)).fields();

        assertThat(((Value.Text) fields.get(0).value()).bytes()).hasSize(4090);
        assertThat(((Value.Text) fields.get(1).value()).bytes()).hasSize(6);
        assertThat(fields.get(2).value()).isEqualTo(new Value.Unreadable(BEYOND));
        assertThat(fields.get(3).value()).isEqualTo(new Value.Unreadable(BEYOND));
        assertThat(((Value.Elements) fields.get(4).value()).elements())
                .hasSize(2)
                .containsOnly(new Value.Unreadable(BEYOND));
        assertThat(((Value.Text) fields.get(5).value()).bytes()).isEmpty();
    }

    /** What is taken for a block's has to be what the writer took it for. */
    @Test
    void whatReferencesLieBehindTheFrontDoesNotShiftThoseThatFollow() {
        GoType text = new GoType.Text("string");
        for (int offset : new int[] {4088, 4092, 4096}) {
            GoType.Struct large = new GoType.Struct(
                    "main.Large",
                    List.of(new GoType.Field("front", INT, 0), new GoType.Field("p", pointerTo(INT), offset)),
                    4104);
            TracePlan plan = plan(pointerTo(large), pointerTo(text));
            ByteBuffer image = Memory.buffer(large.size())
                    .putLong(offset, memory.place(Memory.buffer(8).putLong(0, 5)));
            pass(plan, 0, memory.place(image));
            ByteBuffer hello = ByteBuffer.wrap(new byte[] {1, 2, 3});
            pass(
                    plan,
                    1,
                    memory.place(Memory.buffer(16).putLong(memory.place(hello)).putLong(3)));

            List<Value> seen = seen(plan);

            Value.Struct front =
                    (Value.Struct) ((Value.Pointer) seen.get(0)).value().orElseThrow();
            assertThat(front.fields().get(1).value() instanceof Value.Pointer pointer
                            && pointer.value().equals(Optional.of(new Value.Signed(5))))
                    .isEqualTo(offset == 4088);
            assertThat(Values.say(((Value.Pointer) seen.get(1)).value().orElseThrow()))
                    .isEqualTo("010203/3");
        }
    }

    @Test
    void whatEndsWhereTheCaptureEndsIsWhole() {
        GoType.Struct exact = new GoType.Struct(
                "main.Exact",
                List.of(
                        new GoType.Field("front", RandomValues.array(BYTE, 4088), 0),
                        new GoType.Field("last", INT, 4088)),
                4096);

        assertThat(((Value.Struct) pointee(exact)).fields().get(1).value()).isEqualTo(new Value.Signed(0));
    }

    @Test
    void whatHasNoBytesIsNotShownWithoutEnd() {
        TracePlan plan = plan(RandomValues.slice(EMPTY), EMPTY, RandomValues.array(EMPTY, 3));
        pass(plan, 0, memory.hole(), 1L << 40, 1L << 40);

        List<Value> seen = seen(plan);

        Value.Elements slice = (Value.Elements) seen.get(0);
        assertThat(slice.length()).isEqualTo(1L << 40);
        assertThat(slice.elements()).hasSize(1024).containsOnly(new Value.Struct(List.of()));
        Value.Unreadable more = new Value.Unreadable("too many values without bytes to show them all");
        assertThat(seen.get(1)).isEqualTo(more);
        assertThat(seen.get(2)).isEqualTo(more);
        assertThat(seen(plan)).as("the next record").isEqualTo(seen);
    }

    @Test
    void whatHasNoBytesIsCountedForEachRecord() {
        TracePlan plan = plan(EMPTY);
        RecordDecoder decoder = new RecordDecoder(plan);
        for (int i = 0; i < 1100; i++) {
            assertThat(decoder.decode(plan.sites().get(0), capture(plan), new String[0]))
                    .extracting(NamedValue::value)
                    .containsExactly(new Value.Struct(List.of()));
        }
    }

    @Test
    void manyReferencesAreFollowed() {
        GoType text = new GoType.Text("string");
        TracePlan plan = plan(RandomValues.array(text, 100));
        ByteBuffer image = Memory.buffer(1600);
        for (int i = 0; i < 100; i++) {
            image.putLong(memory.place(Memory.buffer(1).put(0, (byte) i))).putLong(1);
        }
        memory.pass(plan.sites().get(0).variables().get(0), image);

        List<Value> texts = ((Value.Elements) seen(plan).get(0)).elements();

        for (int i = 0; i < 100; i++) {
            assertThat(((Value.Text) texts.get(i)).bytes()).containsExactly(i);
        }
    }

    @Test
    void behindAPointerThatLeadsBackTheRecordEndsWithTheDepth() {
        GoType.Struct[] list = new GoType.Struct[1];
        list[0] = new GoType.Struct(
                "main.List",
                List.of(new GoType.Field(
                        "next", new GoType.Pointer("*main.List", Optional.of(MadeTypes.to(() -> list[0]))), 0)),
                Long.BYTES);
        TracePlan plan = plan(pointerTo(list[0]));
        ByteBuffer self = Memory.buffer(8);
        long address = memory.place(self);
        self.putLong(0, address);
        pass(plan, 0, address);

        Value innermost = new Value.Pointer(address, Optional.empty());
        Value inner = new Value.Pointer(address, Optional.of(struct(innermost)));
        assertThat(seen(plan)).containsExactly(new Value.Pointer(address, Optional.of(struct(inner))));
    }

    private static Value struct(Value next) {
        return new Value.Struct(List.of(new Value.Field("next", next)));
    }

    @Test
    void aLengthBelowZeroIsNone() {
        TracePlan plan = plan(RandomValues.slice(INT), new GoType.GoMap("map[int]int", Optional.empty()));
        pass(plan, 0, memory.hole(), -3, 5);
        pass(plan, 1, memory.place(Memory.buffer(8).putLong(0, -4)));

        assertThat(seen(plan))
                .containsExactly(new Value.Unreadable("its length is -3"), new Value.Unreadable("its length is -4"));
        pass(plan, 1, memory.place(Memory.buffer(8)));
        assertThat(seen(plan).get(1)).isEqualTo(new Value.GoMap(0, Optional.empty()));
    }

    @Test
    void whatWasNotCapturedThoughThereWasRoomSaysSo() {
        for (GoType type : List.of(
                new GoType.Text("string"),
                RandomValues.slice(INT),
                new GoType.Interface("any", false),
                new GoType.Func("func()"))) {
            TracePlan plan = plan(type);
            pass(plan, 0, 0, 1);
            ByteBuffer record = capture(plan);
            record.putLong(RecordFormat.HEADER_BYTES + RecordFormat.BLOCK_HEADER_BYTES, 8);

            assertThat(read(plan, record, register -> null))
                    .as(type.name())
                    .containsExactly(new Value.Unreadable("it was not captured", type instanceof GoType.Interface));
            record.putInt(RecordFormat.FLAGS, RecordFormat.FLAG_FULL);
            assertThat(read(plan, record, register -> null))
                    .as(type.name())
                    .containsExactly(new Value.Unreadable("the record was full", type instanceof GoType.Interface));
        }
    }

    @Test
    void aRegisterThatCannotBeReadMakesItsVariableUnreadable() {
        GoType pair = new GoType.Struct(
                "main.Pair", List.of(new GoType.Field("x", FLOAT, 0), new GoType.Field("y", FLOAT, 8)), 16);
        TracePlan plan = plan(FLOAT, pair, INT);
        memory.floats[0] = Double.doubleToLongBits(1.5);
        ByteBuffer record = capture(plan);

        List<Value> seen = read(plan, record, register -> register == 0 ? null : "register " + register);

        assertThat(seen)
                .containsExactly(new Value.Float64(1.5), new Value.Unreadable("register 1"), new Value.Signed(0));
        assertThat(read(plan, record, register -> register == 2 ? "the last" : null)
                        .get(1))
                .isEqualTo(new Value.Unreadable("the last"));
        assertThat(read(plan, record, register -> null)).doesNotHaveAnyElementsOfTypes(Value.Unreadable.class);
    }

    /** The reasons are kept from record to record where there are none. */
    @Test
    void whyAPartCouldNotBeReadIsForgottenWithItsRecord() {
        TracePlan plan = plan(FLOAT, RandomValues.array(INT, 2));
        List<Value> seen = new ArrayList<>();
        EventAssembler assembler = new EventAssembler(plan, event -> {
            if (event instanceof TraceEvent.Call call) {
                call.arguments().forEach(argument -> seen.add(argument.value()));
            }
        });
        assembler.record(capture(plan), register -> "why");
        pass(plan, 1, 1, 2);
        assembler.record(capture(plan), register -> null);

        assertThat(seen.subList(0, 2))
                .containsExactly(
                        new Value.Unreadable("why"), new Value.Unreadable("its place on the stack cannot be read"));
        assertThat(seen.subList(2, 4)).doesNotHaveAnyElementsOfTypes(Value.Unreadable.class);
    }

    @Test
    void variablesBeyondTheFirstBlockAreSaidToBeTooMany() {
        GoType large = RandomValues.array(INT, 400);
        TracePlan plan = plan(large, INT, large, INT);
        for (int i = 0; i < 4; i++) {
            pass(plan, i, 9);
        }

        List<Value> seen = seen(plan);

        assertThat(seen.get(2)).isEqualTo(new Value.Unreadable("too many arguments or results to capture them all"));
        assertThat(seen.get(1)).isEqualTo(seen.get(3)).isEqualTo(new Value.Signed(9));
    }

    @Test
    void theBytesOfAnUnknownFunctionsAddressAreThoseOfTheFile() {
        TracePlan plan = plan(new GoType.Func("func()"));
        pass(plan, 0, memory.place(Memory.buffer(8).putLong(0, 0x7123)));
        ByteBuffer record = new RecordWriter(plan).capture(plan.sites().get(0), memory, 0x7000);

        assertThat(read(plan, record, register -> null))
                .containsExactly(new Value.Unreadable("no function is known at 0x123"));
    }

    @Test
    void aVariableWithoutPartsNeedsNone() {
        List<Variable> variables = List.of(
                new Variable("nothing", EMPTY, List.of()),
                new Variable("n", INT, List.of(new Part(new Location.IntRegister(4), 0, Long.BYTES))));
        TracePlan plan = Plans.of(variables, ProgramTypes.none(), 64, 1);
        memory.integers[4] = 12;

        assertThat(seen(plan)).isEqualTo(List.of(new Value.Struct(Collections.emptyList()), new Value.Signed(12)));
    }
}
