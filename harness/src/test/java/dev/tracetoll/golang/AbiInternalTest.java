package dev.tracetoll.golang;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Assignments of arguments and results to registers and stack slots. */
class AbiInternalTest {

    private static final GoType INT = new GoType.Basic("int", GoType.BasicKind.INT, 8);
    private static final GoType UINT8 = new GoType.Basic("uint8", GoType.BasicKind.UINT, 1);
    private static final GoType UINT16 = new GoType.Basic("uint16", GoType.BasicKind.UINT, 2);
    private static final GoType FLOAT = new GoType.Basic("float64", GoType.BasicKind.FLOAT, 8);
    private static final GoType COMPLEX64 = new GoType.Basic("complex64", GoType.BasicKind.COMPLEX, 8);
    private static final GoType STRING = new GoType.Text("string");
    private static final GoType SLICE = new GoType.Slice("[]int", new TypeRef(() -> null));
    private static final GoType UINTPTR = new GoType.Basic("uintptr", GoType.BasicKind.UINT, 8);

    private static List<Variable> arguments(GoType... types) {
        return assign(List.of(types), List.of()).arguments();
    }

    private static AbiInternal.Assignment assign(List<GoType> parameters, List<GoType> results) {
        return AbiInternal.assign(declared(parameters), declared(results));
    }

    private static List<AbiInternal.Declared> declared(List<GoType> types) {
        List<AbiInternal.Declared> declared = new ArrayList<>();
        types.forEach(
                type -> declared.add(new AbiInternal.Declared("v" + declared.size(), type, AbiInternal.Start.UNKNOWN)));
        return declared;
    }

    private static Part integer(int index, int offset, int size) {
        return new Part(new Location.IntRegister(index), offset, size);
    }

    private static Part floating(int index, int offset, int size) {
        return new Part(new Location.FloatRegister(index), offset, size);
    }

    private static Part stack(int at, int offset, int size) {
        return new Part(new Location.StackSlot(at), offset, size);
    }

    /**
     * The example of abi-internal.md: {@code func f(a1 uint8, a2 [2]uintptr, a3 uint8) (r1 struct { x uintptr; y [2]uintptr }, r2 string)}.
     */
    @Test
    void theExampleOfTheSpecification() {
        GoType twoWords = new GoType.Array("[2]uintptr", UINTPTR, 2, 16);
        GoType struct = new GoType.Struct(
                "struct", List.of(new GoType.Field("x", UINTPTR, 0), new GoType.Field("y", twoWords, 8)), 24);
        AbiInternal.Assignment assignment = assign(List.of(UINT8, twoWords, UINT8), List.of(struct, STRING));
        assertThat(assignment.arguments().get(0).parts()).containsExactly(integer(0, 0, 1));
        assertThat(assignment.arguments().get(1).parts()).containsExactly(stack(0, 0, 16));
        assertThat(assignment.arguments().get(2).parts()).containsExactly(integer(1, 0, 1));
        assertThat(assignment.results().get(0).parts()).containsExactly(stack(16, 0, 24));
        assertThat(assignment.results().get(1).parts()).containsExactly(integer(0, 0, 8), integer(1, 8, 8));
    }

    @Test
    void integersAndFloatsAreCountedApart() {
        List<Variable> variables = arguments(INT, FLOAT, STRING, FLOAT, UINT8);
        assertThat(variables.get(0).parts()).containsExactly(integer(0, 0, 8));
        assertThat(variables.get(1).parts()).containsExactly(floating(0, 0, 8));
        assertThat(variables.get(2).parts()).containsExactly(integer(1, 0, 8), integer(2, 8, 8));
        assertThat(variables.get(3).parts()).containsExactly(floating(1, 0, 8));
        assertThat(variables.get(4).parts()).containsExactly(integer(3, 0, 1));
    }

    @Test
    void whatDoesNotFitInTheRegistersLeftGoesOnTheStackWholeAndLaterOnesStillFit() {
        List<Variable> variables = arguments(INT, INT, INT, INT, INT, INT, INT, SLICE, INT, INT, INT);
        assertThat(variables.get(6).parts()).containsExactly(integer(6, 0, 8));
        assertThat(variables.get(7).parts()).containsExactly(stack(0, 0, 24));
        assertThat(variables.get(8).parts()).containsExactly(integer(7, 0, 8));
        assertThat(variables.get(9).parts()).containsExactly(integer(8, 0, 8));
        assertThat(variables.get(10).parts()).containsExactly(stack(24, 0, 8));
    }

    @Test
    void theSixteenthFloatGoesOnTheStack() {
        GoType[] floats = new GoType[16];
        java.util.Arrays.fill(floats, FLOAT);
        List<Variable> variables = arguments(floats);
        assertThat(variables.get(14).parts()).containsExactly(floating(14, 0, 8));
        assertThat(variables.get(15).parts()).containsExactly(stack(0, 0, 8));
    }

    @Test
    void stackSlotsAreAlignedAndResultsStartAtAWord() {
        List<GoType> parameters = new ArrayList<>(java.util.Collections.nCopies(9, INT));
        parameters.addAll(List.of(UINT8, UINT16, UINT8));
        GoType twoBytes = new GoType.Array("[2]uint8", UINT8, 2, 2);
        AbiInternal.Assignment assignment = assign(parameters, List.of(twoBytes));
        assertThat(assignment.arguments().get(9).parts()).containsExactly(stack(0, 0, 1));
        assertThat(assignment.arguments().get(10).parts()).containsExactly(stack(2, 0, 2));
        assertThat(assignment.arguments().get(11).parts()).containsExactly(stack(4, 0, 1));
        assertThat(assignment.results().get(0).parts()).containsExactly(stack(8, 0, 2));
    }

    @Test
    void complexNumbersTakeTwoFloatRegisters() {
        assertThat(arguments(COMPLEX64).get(0).parts()).containsExactly(floating(0, 0, 4), floating(1, 4, 4));
    }

    @Test
    void aStructThatDoesNotFitGivesBackItsRegisters() {
        GoType nested = new GoType.Struct(
                "s",
                List.of(
                        new GoType.Field("a", FLOAT, 0),
                        new GoType.Field("b", new GoType.Array("[2]int", INT, 2, 16), 8)),
                24);
        List<Variable> variables = arguments(nested, FLOAT);
        assertThat(variables.get(0).parts()).hasSize(1).allMatch(part -> part.location() instanceof Location.StackSlot);
        assertThat(variables.get(1).parts()).containsExactly(floating(0, 0, 8));
    }

    @Test
    void zeroSizedValuesTakeNothing() {
        GoType empty = new GoType.Struct("struct {}", List.of(), 0);
        List<Variable> variables = arguments(empty, INT);
        assertThat(variables.get(0).parts()).isEmpty();
        assertThat(variables.get(1).parts()).containsExactly(integer(0, 0, 8));
    }

    @Test
    void anArrayOfOneIsItsElement() {
        assertThat(arguments(new GoType.Array("[1]string", STRING, 1, 16))
                        .get(0)
                        .parts())
                .containsExactly(integer(0, 0, 8), integer(1, 8, 8));
    }
}
