package dev.tracetoll.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CorpusGeneratorTest {

    private static CorpusSpec spec(long seed) {
        return new CorpusSpec(seed, 340, 3, 0, CorpusSpec.Types.ALL, 64, 1);
    }

    @Test
    void theSameSeedMakesTheSameProgram() {
        String program = CorpusGenerator.generate(spec(7));
        assertThat(CorpusGenerator.generate(spec(7))).isEqualTo(program);
        assertThat(CorpusGenerator.generate(spec(8))).isNotEqualTo(program);
    }

    @Test
    void thereAreFunctionsOfEveryForm() {
        String program = CorpusGenerator.generate(spec(7));
        for (String form : new String[] {
            "func f\\d{3}\\(",
            "func \\(\\w+ \\*d\\d+\\) m\\d{3}\\(",
            "func \\(\\w+ d\\d+\\) m\\d{3}\\(",
            "func \\(d\\d+\\) m\\d{3}\\(",
            "func f\\d{3}\\[A, B any\\]\\(",
            "func \\(.*\\*pair\\[A, B\\]\\) m\\d{3}\\(",
            "func mk\\d{3}\\(",
            "rest \\.\\.\\.",
            "func f\\d{3}\\(\\) \\(\\)",
            "\\(_ ",
            "panic\\(",
            "defer func",
            "leaked = unsafe.Pointer\\(&p",
            "leaked = unsafe.Pointer\\(&r",
            "p19 ",
            "\\) \\(r0 ",
            "\\*\\*",
            "map\\[",
            "chan ",
            "<-chan ",
            "chan<- ",
            "complex64",
            "uintptr",
            "\\[0\\]",
            "interface\\{ tag"
        }) {
            assertThat(Pattern.compile(form).matcher(program).find()).as(form).isTrue();
        }
    }

    @Test
    void scalarsAreScalars() {
        String program = CorpusGenerator.generate(new CorpusSpec(7, 340, 3, 0, CorpusSpec.Types.SCALARS, 64, 1));
        assertThat(program).doesNotContain("map[", "chan ", "complex", "struct{ ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "main.f012",
                "main.d3.m013",
                "main.(*d3).m014",
                "main.f015_large",
                "main.mk016.func1",
                "main.f017[go.shape.int,go.shape.[]main.d2]",
                "main.f017[go.shape.int_0]",
                "main.pair[go.shape.int,go.shape.string].m018",
                "main.(*pair[go.shape.int,go.shape.string]).m018"
            })
    void functionsUnderTestAreMatched(String name) {
        assertThat(Pattern.compile(CorpusProgram.FUNCTIONS).matcher(name).find())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "main.mk016",
                "main.call12",
                "main.prepare12",
                "main.(*pair[int,string]).m018",
                "main.d3.m013-fm",
                "main.f032.func1",
                "main.(*d3).m014.func1",
                "main.render",
                "runtime.f012"
            })
    void otherFunctionsAreNot(String name) {
        assertThat(Pattern.compile(CorpusProgram.FUNCTIONS).matcher(name).find())
                .isFalse();
    }
}
