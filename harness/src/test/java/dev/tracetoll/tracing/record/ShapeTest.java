package dev.tracetoll.tracing.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tracetoll.golang.GoType;
import dev.tracetoll.golang.GoType.BasicKind;
import dev.tracetoll.golang.Location;
import dev.tracetoll.golang.MadeTypes;
import dev.tracetoll.golang.Part;
import dev.tracetoll.golang.ProbeSite;
import dev.tracetoll.golang.ProgramTypes;
import dev.tracetoll.golang.RuntimeLayout;
import dev.tracetoll.golang.SiteKind;
import dev.tracetoll.golang.StackCheck;
import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.golang.Variable;
import dev.tracetoll.tracing.plan.SiteClass;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.plan.TraceRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Which sites get a program of their own, and what decides about it. */
class ShapeTest {

    private static final GoType INT = new GoType.Basic("int", BasicKind.INT, Long.BYTES);
    private static final GoType SHORT = new GoType.Basic("int16", BasicKind.INT, Short.BYTES);
    private static final GoType TEXT = new GoType.Text("string");
    private static final GoType POINTER = new GoType.Pointer("*int", Optional.of(MadeTypes.to(() -> INT)));
    private static final int MAX_BYTES = 64;

    private static Optional<Shape> shape(int maxBytes, int depth, GoType... types) {
        TracePlan plan = Plans.of(MadeTypes.arguments(List.of(types)), ProgramTypes.none(), maxBytes, depth);
        return Shape.of(plan.sites().get(0), plan);
    }

    private static Shape of(GoType... types) {
        return shape(MAX_BYTES, 1, types).orElseThrow();
    }

    private static boolean has(GoType... types) {
        return shape(MAX_BYTES, 1, types).isPresent();
    }

    @Test
    void textsHaveTheirPlaceTheirRegistersAndTheirLimit() {
        Shape shape = of(INT, TEXT, RandomValues.slice(SHORT));

        assertThat(shape.bytes()).isEqualTo(8 + 16 + 24);
        assertThat(shape.pieces()).hasSize(6);
        assertThat(shape.onStack()).isFalse();
        assertThat(shape.texts())
                .extracting(
                        Shape.Text::offset,
                        Shape.Text::address,
                        Shape.Text::length,
                        Shape.Text::elementBytes,
                        Shape.Text::most,
                        Shape.Text::string)
                .containsExactly(tuple(8, 1, 2, 1, MAX_BYTES, true), tuple(24, 3, 4, 2, MAX_BYTES / 2, false));
        assertThat(of(TEXT).texts().get(0).type())
                .isNotEqualTo(shape.texts().get(1).type());
    }

    @Test
    void whatIsOnTheStackIsSaidToBe() {
        assertThat(of(INT, RandomValues.array(INT, 2)).onStack()).isTrue();
    }

    @Test
    void aSiteSaysWhatItIs() {
        TracedFunction checked = Plans.function(
                List.of(),
                new ProbeSite(
                        SiteKind.ENTRY,
                        Plans.entry(0).instruction(),
                        Plans.ENTRY,
                        24,
                        Optional.of(new StackCheck(0x41, Plans.ENTRY))),
                false);
        TracedFunction function = new TracedFunction(
                checked.name(),
                List.of(),
                List.of(),
                checked.entry(),
                List.of(new ProbeSite(SiteKind.RETURN, Plans.entry(0).instruction(), Plans.ENTRY, 0, Optional.empty())),
                false,
                checked.signature(),
                false,
                false);
        TracePlan plan = Plans.of(function, ProgramTypes.none(), MAX_BYTES, 1);

        assertThat(Shape.of(plan.sites().get(0), plan))
                .contains(new Shape(false, 0x41, 24, 0, List.of(), false, List.of()));
        assertThat(Shape.of(plan.sites().get(1), plan)).contains(new Shape(true, 0, 0, 0, List.of(), false, List.of()));
    }

    @Test
    void sitesThatDifferInNothingElseShareAShape() {
        assertThat(of(INT, TEXT)).isEqualTo(of(INT, TEXT)).isNotEqualTo(of(TEXT, INT));
    }

    @Test
    void whatRefersToMoreThanPlainBytesHasNone() {
        assertThat(has(POINTER)).isFalse();
        assertThat(has(new GoType.Channel("chan int"))).isFalse();
        assertThat(has(new GoType.Interface("any", false))).isFalse();
        assertThat(has(RandomValues.slice(TEXT))).isFalse();
        assertThat(has(RandomValues.slice(SHORT))).isTrue();
        assertThat(has(INT, SHORT)).isTrue();
    }

    @Test
    void aPointerThatIsNotFollowedIsANumber() {
        assertThat(shape(MAX_BYTES, 0, POINTER, TEXT).orElseThrow().texts()).hasSize(1);
        assertThat(shape(MAX_BYTES, 0, new GoType.Channel("chan int"))).isEmpty();
    }

    @Test
    void moreThanTwoTextsHaveNone() {
        assertThat(has(TEXT, TEXT)).isTrue();
        assertThat(has(TEXT, TEXT, TEXT)).isFalse();
    }

    @Test
    void aTextOnTheStackHasNone() {
        assertThat(has(RandomValues.array(TEXT, 2))).isFalse();
        // Of nine registers one is left, which is not enough.
        assertThat(has(INT, INT, INT, INT, INT, INT, INT, INT, TEXT)).isFalse();
        assertThat(has(INT, INT, INT, INT, INT, INT, INT, TEXT)).isTrue();
    }

    @Test
    void aTextHalfInRegistersHasNone() {
        for (int word = 0; word < 2; word++) {
            List<Part> parts = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                parts.add(new Part(
                        i == word ? new Location.StackSlot(0) : new Location.IntRegister(i), 8 * i, Long.BYTES));
            }
            TracePlan plan = Plans.of(List.of(new Variable("s", TEXT, parts)), ProgramTypes.none(), MAX_BYTES, 1);
            assertThat(Shape.of(plan.sites().get(0), plan)).isEmpty();
        }
    }

    @Test
    void textsAreCapturedUpToAThousandBytes() {
        assertThat(shape(1024, 1, TEXT)).isPresent();
        assertThat(shape(1025, 1, TEXT)).isEmpty();
        assertThat(shape(1, 1, RandomValues.slice(RandomValues.array(INT, 128))))
                .isPresent();
        assertThat(shape(1, 1, RandomValues.slice(RandomValues.array(INT, 129))))
                .isEmpty();
    }

    @Test
    void whereNothingOfATextIsShownThereIsNone() {
        assertThat(shape(0, 1, TEXT)).isEmpty();
        assertThat(has(RandomValues.slice(new GoType.Struct("struct {}", List.of(), 0))))
                .isFalse();
    }

    @Test
    void floatingPointRegistersTakeASignal() {
        assertThat(has(new GoType.Basic("float64", BasicKind.FLOAT, 8))).isFalse();
    }

    @Test
    void aFunctionThatNeedNotHaveTheGoroutineInItsRegisterHasNone() {
        TracePlan plan = Plans.of(Plans.function(List.of(), Plans.entry(0), true), ProgramTypes.none(), MAX_BYTES, 1);
        assertThat(Shape.of(plan.sites().get(0), plan)).isEmpty();
    }

    @Test
    void aSiteInTheRuntimeHasNone() {
        RuntimeLayout runtime = new RuntimeLayout(
                152,
                8,
                OptionalInt.empty(),
                Optional.empty(),
                Optional.of(Plans.entry(0)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        TracePlan plan = new TracePlan(
                new TraceRequest(Path.of("program"), List.of(), runtime, ProgramTypes.none(), true, MAX_BYTES, 1),
                instruction -> SiteClass.EMULATED);
        assertThat(plan.sites()).hasSize(1);
        assertThat(Shape.of(plan.sites().get(0), plan)).isEmpty();
    }

    @Test
    void ofATextNoMoreIsShownThanThereIs() {
        Shape.Text text = of(RandomValues.slice(SHORT)).texts().get(0);
        assertThat(text.shown(0, 5)).isZero();
        assertThat(text.shown(1, 0)).isZero();
        assertThat(text.shown(1, -1)).isZero();
        assertThat(text.shown(1, 1)).isEqualTo(1);
        assertThat(text.shown(-1, 31)).isEqualTo(31);
        assertThat(text.shown(1, 1L << 40)).isEqualTo(32);
    }
}
