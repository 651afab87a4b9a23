package dev.tracetoll.tracing.format;

import dev.tracetoll.golang.ProbeSite;
import dev.tracetoll.golang.Signature;
import dev.tracetoll.golang.SiteKind;
import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.linux.process.ExitStatus;
import dev.tracetoll.tracing.NamedValue;
import dev.tracetoll.tracing.TraceEvent;
import dev.tracetoll.tracing.Value;
import dev.tracetoll.tracing.plan.SiteClass;
import dev.tracetoll.x86.Code;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Events with every kind of value. */
final class SampleEvents {

    static final TracedFunction HANDLE = function("main.(*Server).handle");
    static final TracedFunction INNER = function("main.Map[go.shape.int]");
    static final TraceSummary SUMMARY = new TraceSummary(5, 3, 2, 1, 0, Optional.of(new ExitStatus.Exited(3)));

    private SampleEvents() {}

    static TracedFunction function(String name) {
        ProbeSite entry = new ProbeSite(SiteKind.ENTRY, Code.one(0x1000, "55"), 0x1000, 0, Optional.empty());
        return new TracedFunction(
                name,
                List.of(),
                List.of(),
                entry,
                List.of(),
                false,
                new Signature(Signature.Kind.KNOWN, ""),
                false,
                false);
    }

    static NamedValue named(String name, String type, Value value) {
        return new NamedValue(name, type, value);
    }

    static Value text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Value.Text(bytes, bytes.length);
    }

    static Value bytes(long length, int... bytes) {
        byte[] captured = new byte[bytes.length];
        IntStream.range(0, bytes.length).forEach(i -> captured[i] = (byte) bytes[i]);
        return new Value.Text(captured, length);
    }

    static Value signed(long value) {
        return new Value.Signed(value);
    }

    static Value struct(Value.Field... fields) {
        return new Value.Struct(List.of(fields));
    }

    static Value.Field field(String name, Value value) {
        return new Value.Field(name, value);
    }

    private static Value pointer(Value value) {
        return new Value.Pointer(0xc000012345L, Optional.ofNullable(value));
    }

    /** Every kind of value, whole and cut. */
    static List<NamedValue> values() {
        Value point = struct(
                field("X", signed(1)),
                field("y", text("two")),
                field("Base", struct(field("on", new Value.Bool(false)))));
        return List.of(
                named("b", "bool", new Value.Bool(true)),
                named("i64", "int64", signed(Long.MIN_VALUE)),
                named("exact", "int", signed(9007199254740993L)),
                named("u8", "uint8", new Value.Unsigned(255)),
                named("u64", "uint64", new Value.Unsigned(-1)),
                named("ptr", "uintptr", new Value.Unsigned(0xffff_ffff_ffff_fff0L)),
                named("f32", "float32", new Value.Float32(0.1f)),
                named("f64", "float64", new Value.Float64(0.1)),
                named("shortest", "float64", new Value.Float64(2e-44)),
                named("large", "float32", new Value.Float32(1e10f)),
                named("minusZero", "float64", new Value.Float64(-0.0)),
                named("whole", "float32", new Value.Float32(3)),
                named("nan", "float64", new Value.Float64(Double.NaN)),
                named("inf", "float32", new Value.Float32(Float.POSITIVE_INFINITY)),
                named("minusInf", "float64", new Value.Float64(Double.NEGATIVE_INFINITY)),
                named("c", "complex128", new Value.Complex(new Value.Float64(1.5), new Value.Float64(-2))),
                named("cnan", "complex64", new Value.Complex(new Value.Float32(Float.NaN), new Value.Float32(-0.0f))),
                named("s", "string", text("hello")),
                named("empty", "string", text("")),
                named("escapes", "string", text("\"\\\n\t\u0001\u007f\u001b[31m é 日本 😀 \u200b\ufffd")),
                named("cut", "string", new Value.Text("hello".getBytes(StandardCharsets.UTF_8), 100)),
                named("cutInside", "string", bytes(9, 'a', 0xe6, 0x97)),
                named("nothingLeft", "string", bytes(3, 0xe6)),
                named("unread", "string", bytes(7)),
                named("invalid", "string", bytes(2, 'a', 0xff)),
                named("halfACharacter", "string", bytes(3, 'a', 0xe6, 0x97)),
                named("surrogate", "[]uint8", bytes(3, 0xed, 0xa0, 0x80)),
                named("cutInvalid", "[]uint8", bytes(100, 0xff, 'a', 0xe6)),
                named("array", "[2]uint8", bytes(2, 'o', 'k')),
                named("ints", "[]int", new Value.Elements(List.of(signed(1), signed(-2)), 2)),
                named("none", "[]int", new Value.Elements(List.of(), 0)),
                named("cutInts", "[100]int", new Value.Elements(List.of(signed(1)), 100)),
                named(
                        "nested",
                        "[][]string",
                        new Value.Elements(List.of(new Value.Elements(List.of(text("x")), 5), new Value.Nil()), 2)),
                named("nil", "map[string]int", new Value.Nil()),
                named("point", "main.Point", point),
                named("void", "struct {}", struct()),
                named("twice", "main.Odd", struct(field("T", signed(1)), field("T", signed(2)), field("T", signed(3)))),
                named("p", "*main.Point", pointer(point)),
                named("far", "**int", pointer(null)),
                named(
                        "m",
                        "map[string]int",
                        new Value.GoMap(1, Optional.of(List.of(new Value.Entry(text("k"), signed(1)))))),
                named(
                        "some",
                        "map[int]bool",
                        new Value.GoMap(3, Optional.of(List.of(new Value.Entry(signed(1), new Value.Bool(true)))))),
                named("unreadMap", "map[string]int", new Value.GoMap(3, Optional.empty())),
                named("ch", "<-chan int", new Value.Channel(2, 5)),
                named("fn", "func(int) string", new Value.Func("main.main.func1")),
                named(
                        "err",
                        "error",
                        new Value.Interface("*errors.errorString", pointer(struct(field("s", text("no")))))),
                named("any", "interface {}", new Value.Interface("int", signed(7))),
                named("bad", "main.T", new Value.Unreadable("no location at this address")),
                named("_", "int", signed(0)),
                named("_", "int", signed(0)));
    }

    /** Calls of two goroutines, nested, with and without returns. */
    static List<TraceEvent> events() {
        return List.of(
                new TraceEvent.Call(1, HANDLE, 1, 4711, 0, 1_000_000_000L, SiteClass.EMULATED, values()),
                new TraceEvent.Call(
                        2,
                        INNER,
                        1,
                        4711,
                        1,
                        1_000_000_400L,
                        SiteClass.EMULATED,
                        List.of(named("n", "int", signed(7)))),
                new TraceEvent.Return(
                        2,
                        INNER,
                        1,
                        4711,
                        1,
                        1_000_000_733L,
                        333,
                        SiteClass.STEPPED,
                        List.of(named("~r0", "int", signed(12)))),
                new TraceEvent.Call(3, INNER, 1, 4711, 1, 1_000_002_000L, SiteClass.EMULATED, List.of()),
                new TraceEvent.Call(4, INNER, 123456, 4712, 0, 1_000_003_000L, SiteClass.EMULATED, List.of()),
                new TraceEvent.Return(3, INNER, 1, 4711, 1, 1_000_335_333L, 333_333, SiteClass.STEPPED, List.of()),
                new TraceEvent.NoReturn(4, INNER, 123456, "panic"),
                new TraceEvent.Return(
                        1,
                        HANDLE,
                        1,
                        4713,
                        0,
                        3_500_000_000L,
                        2_500_000_000L,
                        SiteClass.STEPPED,
                        List.of(named("n", "int", signed(2)), named("err", "error", new Value.Nil()))),
                new TraceEvent.UnpairedReturn(
                        INNER,
                        0,
                        4713,
                        0,
                        3_600_000_000L,
                        SiteClass.STEPPED,
                        "began before tracing",
                        List.of(named("~r0", "string", text("late")))),
                new TraceEvent.Call(
                        5,
                        HANDLE,
                        17,
                        4713,
                        3,
                        3_700_000_000L,
                        SiteClass.EMULATED,
                        List.of(named("n", "int", signed(1)))),
                new TraceEvent.NoReturn(5, HANDLE, 17, "exit"));
    }
}
