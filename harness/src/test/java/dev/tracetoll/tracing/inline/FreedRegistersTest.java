package dev.tracetoll.tracing.inline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.golang.GoType;
import dev.tracetoll.golang.Location;
import dev.tracetoll.golang.Part;
import dev.tracetoll.golang.ProbeSite;
import dev.tracetoll.golang.ProgramTypes;
import dev.tracetoll.golang.Signature;
import dev.tracetoll.golang.SiteKind;
import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.golang.Variable;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.tracing.record.Plans;
import dev.tracetoll.x86.Code;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FreedRegistersTest {

    /** Arguments and results in as many integer registers. */
    private static TracedFunction function(int registers) {
        List<Variable> variables = IntStream.range(0, registers)
                .mapToObj(i -> new Variable(
                        "v" + i,
                        new GoType.Basic("int", GoType.BasicKind.INT, Long.BYTES),
                        List.of(new Part(new Location.IntRegister(i), 0, Long.BYTES))))
                .toList();
        return new TracedFunction(
                "main.f",
                variables,
                variables,
                Plans.entry(0),
                List.of(new ProbeSite(
                        SiteKind.RETURN, Code.one(Plans.ENTRY + 1, "c3"), Plans.ENTRY + 1, 0, Optional.empty())),
                false,
                new Signature(Signature.Kind.KNOWN, ""),
                false,
                false);
    }

    private static Map<Integer, Location> kept(TracedFunction function, int site) {
        SitePlan plan = Plans.of(function, ProgramTypes.none(), 64, 1).sites().get(site);
        return FreedRegisters.of(plan).orElseThrow().kept();
    }

    /** Also what is not read: the program reads it. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
    void whatIsReturnedIsKept(int registers) {
        for (UnaryOperator<TracedFunction> read :
                List.<UnaryOperator<TracedFunction>>of(all -> all, TracedFunction::withErrorsAlone)) {
            TracedFunction function = read.apply(function(registers));
            Map<Integer, Location> kept = kept(function, 1);
            assertThat(kept.containsKey(0)).isEqualTo(registers > 0);
            assertThat(kept.containsKey(1)).isEqualTo(registers > 2);
            assertThat(kept.values()).noneMatch(function.returnedIn()::contains);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
    void whatIsPassedIsKept(int registers) {
        for (UnaryOperator<TracedFunction> read : List.<UnaryOperator<TracedFunction>>of(
                all -> all, TracedFunction::withErrorsAlone, TracedFunction::withoutReturns)) {
            TracedFunction function = read.apply(function(registers));
            Map<Integer, Location> kept = kept(function, 0);
            assertThat(kept).containsOnlyKeys(0, 1, 2);
            assertThat(kept.values()).doesNotHaveDuplicates().noneMatch(function.passedIn()::contains);
        }
    }
}
