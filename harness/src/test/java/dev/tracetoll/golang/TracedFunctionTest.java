package dev.tracetoll.golang;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.x86.Code;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TracedFunctionTest {

    private static final Signature RAW = new Signature(Signature.Kind.REGISTERS, "it is stripped");
    private static final Variable NUMBER = variable("n", new GoType.Basic("int", GoType.BasicKind.INT, Long.BYTES));
    private static final Variable TEXT = variable("s", new GoType.Text("string"));

    private static Variable variable(String name, GoType type) {
        return new Variable(name, type, List.of());
    }

    private static Variable error(String name) {
        return variable(name, new GoType.Interface(TracedFunction.ERROR, true));
    }

    private static Variable number(String name) {
        return variable(name, NUMBER.type());
    }

    private static String declaration(List<Variable> arguments, List<Variable> results, Signature signature) {
        return new TracedFunction(
                        "main.f",
                        arguments,
                        results,
                        new ProbeSite(SiteKind.ENTRY, Code.one(0x1000, "55"), 0x1000, 0, Optional.empty()),
                        List.of(),
                        false,
                        signature,
                        false,
                        false)
                .declaration();
    }

    private static String declaration(List<Variable> arguments, List<Variable> results) {
        return declaration(arguments, results, Signature.OF_DECLARATION);
    }

    @Test
    void isDeclaredAsGoDeclaresIt() {
        assertThat(declaration(List.of(), List.of())).isEqualTo("main.f()");
        assertThat(declaration(List.of(NUMBER, TEXT), List.of(number("~r0")))).isEqualTo("main.f(n int, s string) int");
        assertThat(declaration(List.of(number("_")), List.of(number("~r0"), error("~r1"))))
                .isEqualTo("main.f(_ int) (int, error)");
    }

    @Test
    void resultsWithNamesHaveThem() {
        assertThat(declaration(List.of(), List.of(error("err")))).isEqualTo("main.f() (err error)");
        assertThat(declaration(List.of(), List.of(number("~r0"), error("err"))))
                .as("Go lists a blank result as one without a name")
                .isEqualTo("main.f() (_ int, err error)");
    }

    @Test
    void ofWhatIsNotKnownWholeThereIsTheName() {
        assertThat(declaration(List.of(number("RAX")), List.of(number("RAX")), RAW))
                .isEqualTo("main.f");
        assertThat(declaration(List.of(NUMBER), List.of(), Signature.OF_DECLARATION_WITH_GAPS))
                .isEqualTo("main.f");
    }
}
