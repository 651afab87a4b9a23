package dev.tracetoll.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.golang.GoType;
import dev.tracetoll.golang.Location;
import dev.tracetoll.golang.Part;
import dev.tracetoll.golang.ProbeSite;
import dev.tracetoll.golang.Signature;
import dev.tracetoll.golang.SiteKind;
import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.golang.Variable;
import dev.tracetoll.tracing.plan.SiteClass;
import dev.tracetoll.x86.Code;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EventTotalsTest {

    private static final Variable NUMBER = new Variable(
            "n",
            new GoType.Basic("int", GoType.BasicKind.INT, Long.BYTES),
            List.of(new Part(new Location.IntRegister(0), 0, Long.BYTES)));
    private static final Variable ERROR = new Variable(
            "err",
            new GoType.Interface("error", true),
            List.of(
                    new Part(new Location.IntRegister(1), 0, Long.BYTES),
                    new Part(new Location.IntRegister(2), Long.BYTES, Long.BYTES)));

    private static final TracedFunction FAILING = function(List.of(NUMBER, ERROR), true);
    private static final TracedFunction SILENT = function(List.of(NUMBER), true);
    private static final TracedFunction ENDLESS = function(List.of(ERROR), false);

    private static TracedFunction function(List<Variable> results, boolean returns) {
        return new TracedFunction(
                "main.f",
                List.of(NUMBER),
                results,
                new ProbeSite(SiteKind.ENTRY, Code.one(0x1000, "55"), 0x1000, 0, Optional.empty()),
                returns
                        ? List.of(new ProbeSite(SiteKind.RETURN, Code.one(0x1001, "c3"), 0x1001, 0, Optional.empty()))
                        : List.of(),
                false,
                new Signature(Signature.Kind.KNOWN, ""),
                false,
                false);
    }

    private static TraceEvent call(TracedFunction function) {
        return new TraceEvent.Call(1, function, 1, 1, 0, 0, SiteClass.EMULATED, List.of());
    }

    private static TraceEvent returned(TracedFunction function, long ns, Value... errors) {
        return new TraceEvent.Return(
                1,
                function,
                1,
                1,
                0,
                ns,
                ns,
                SiteClass.STEPPED,
                Stream.concat(
                                Stream.of(new NamedValue("n", "int", new Value.Unreadable("no error"))),
                                Stream.of(errors).map(error -> new NamedValue("err", "error", error)))
                        .toList());
    }

    static Stream<Arguments> errors() {
        Value.Nil nil = new Value.Nil();
        Value failed = new Value.Interface("*errors.errorString", new Value.Unreadable("gone"));
        return Stream.of(
                Arguments.of(List.of(nil), new ErrorCount(0, 0)),
                Arguments.of(List.of(failed), new ErrorCount(1, 0)),
                Arguments.of(List.of(nil, failed), new ErrorCount(1, 0)),
                Arguments.of(List.of(failed, failed), new ErrorCount(1, 0)),
                Arguments.of(List.of(new Value.Unreadable("not followed", true)), new ErrorCount(1, 0)),
                Arguments.of(List.of(new Value.Unreadable("gone")), new ErrorCount(0, 1)),
                Arguments.of(List.of(new Value.Unreadable("gone"), nil), new ErrorCount(0, 1)),
                Arguments.of(List.of(new Value.Unreadable("gone"), failed), new ErrorCount(1, 0)),
                // What withErrorsAlone makes of an interface.
                Arguments.of(List.of(new Value.Unsigned(0)), new ErrorCount(0, 0)),
                Arguments.of(List.of(new Value.Unsigned(-1)), new ErrorCount(1, 0)));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void aCallHasFailedIfAnyOfItsErrorsIsNotNil(List<Value> errors, ErrorCount expected) {
        EventTotals totals = new EventTotals(List.of(FAILING), true);
        totals.accept(call(FAILING));
        totals.accept(returned(FAILING, 20, errors.toArray(Value[]::new)));
        assertThat(totals.totals().get(0).errors()).contains(expected);
    }

    @Test
    void eachEventIsCountedForItsFunction() {
        EventTotals totals = new EventTotals(List.of(FAILING, SILENT, ENDLESS), true);
        for (long ns : new long[] {31, 20, 4_000_000_000_000_000L}) {
            totals.accept(call(SILENT));
            totals.accept(returned(SILENT, ns));
        }
        totals.accept(call(FAILING));
        totals.accept(new TraceEvent.NoReturn(4, FAILING, 1, "panic"));
        totals.accept(new TraceEvent.UnpairedReturn(
                FAILING, 1, 1, 0, 0, SiteClass.STEPPED, "began before tracing", List.of()));
        List<FunctionTotal> all = totals.totals();
        assertThat(all).extracting(FunctionTotal::function).containsExactly(FAILING, SILENT, ENDLESS);
        assertThat(all.get(0))
                .isEqualTo(new FunctionTotal(
                        FAILING,
                        1,
                        0,
                        1,
                        1,
                        0,
                        Optional.of(new DurationHistogram(0, 0, 0, List.of())),
                        Optional.of(new ErrorCount(0, 0))));
        DurationHistogram durations = all.get(1).durations().orElseThrow();
        assertThat(durations.count()).isEqualTo(3);
        assertThat(durations.sumNs()).isEqualTo(4_000_000_000_000_051L);
        assertThat(durations.minNs()).isEqualTo(20);
        assertThat(durations.maxNs()).isEqualTo(4_000_000_000_000_000L);
        assertThat(durations.percentileNs(50)).isEqualTo(31);
        assertThat(durations.buckets().get(2).toNs())
                .as("longer than any bucket")
                .isEqualTo(durations.maxNs() + 1);
        assertThat(all.get(1).errors()).as("returns no error").isEmpty();
        assertThat(all.get(2).errors()).as("its returns are not seen").isEmpty();
        assertThat(all.get(2).seen()).isFalse();
    }

    @Test
    void withoutReturnsCallsAreCountedAlone() {
        EventTotals totals = new EventTotals(List.of(FAILING), false);
        totals.accept(call(FAILING));
        assertThat(totals.totals()).containsExactly(FunctionTotal.counted(FAILING, 1));
    }

    @Test
    void nothingIsReadForTotalsButWhetherThereIsAnError() {
        TracedFunction alone = FAILING.withErrorsAlone();
        assertThat(alone.arguments()).isEmpty();
        assertThat(alone.results())
                .containsExactly(new Variable(
                        "err",
                        new GoType.Basic("error", GoType.BasicKind.UINT, Long.BYTES),
                        List.of(new Part(new Location.IntRegister(1), 0, Long.BYTES))));
        assertThat(alone.errors()).isEqualTo(alone.results());
        assertThat(SILENT.withErrorsAlone().results()).isEmpty();
    }
}
