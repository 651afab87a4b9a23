package dev.tracetoll.x86;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.burst.GoToolchains;
import dev.tracetoll.linux.elf.ElfFile;
import dev.tracetoll.testing.OneAtATime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every instruction of real programs is moved, decoded again, and still says the same. */
@OneAtATime
class RelocationIT {

    private static final long BIAS = 0x10_0000;
    private static final long AWAY = 0x123_4567;
    private static final Set<Flow> BRANCHES = EnumSet.of(Flow.JUMP, Flow.CONDITIONAL_JUMP, Flow.CALL);

    @ParameterizedTest
    @EnumSource
    void movedInstructionsDoTheSame(GoToolchains go) {
        List<String> violations = new ArrayList<>();
        int moved = 0;
        int bound = 0;
        try (ElfFile elf = ElfFile.open(go.program("goroutines").path());
                Decoder decoder = new Decoder()) {
            for (ElfFile.Function function : elf.functions()) {
                if (elf.fileOffset(function.address()).isEmpty() || function.size() <= 0) {
                    continue;
                }
                for (Instruction instruction :
                        decoder.decode(elf.read(function.address(), (int) function.size()), function.address())) {
                    if (instruction.target().isPresent()
                            && ((Operand.Immediate) instruction.operands().get(0)).value()
                                    != instruction.target().getAsLong()) {
                        violations.add(instruction + " does not lead to 0x"
                                + Long.toHexString(instruction.target().getAsLong()));
                    }
                    long from = instruction.address() + BIAS;
                    Optional<byte[]> code = Relocation.moved(instruction, from, from + AWAY);
                    if (code.isEmpty()) {
                        bound++;
                    } else if (!same(instruction, decoder.first(code.get(), from + AWAY))) {
                        violations.add(instruction + " becomes " + decoder.first(code.get(), from + AWAY));
                    }
                    moved++;
                }
            }
        }
        assertThat(violations).as("violations").isEmpty();
        assertThat(moved).as("instructions").isGreaterThan(100_000);
        assertThat(bound).as("those that stay").isBetween(1, moved / 10);
    }

    /** A direct branch keeps its distance, as it is corrected; all else keeps what it means. */
    private static boolean same(Instruction original, Instruction moved) {
        boolean same = moved.length() == original.length()
                && moved.operation() == original.operation()
                && moved.flow() == original.flow()
                && moved.condition().equals(original.condition())
                && moved.reads().equals(original.reads())
                && moved.writes().equals(original.writes())
                && moved.operands().size() == original.operands().size();
        for (int i = 0; same && i < original.operands().size(); i++) {
            long shift = BRANCHES.contains(original.flow()) ? AWAY + BIAS : 0;
            same = Objects.equals(absolute(original, i, BIAS, shift), absolute(moved, i, 0, 0));
        }
        return same;
    }

    private static Operand absolute(Instruction instruction, int index, long bias, long shift) {
        Operand operand = instruction.operands().get(index);
        if (operand instanceof Operand.Memory memory && memory.isRelative()) {
            return new Operand.Memory(
                    memory.segment(),
                    Optional.empty(),
                    memory.index(),
                    memory.scale(),
                    memory.displacement() + instruction.next() + bias,
                    memory.size());
        }
        return operand instanceof Operand.Immediate immediate
                ? new Operand.Immediate(immediate.value() + shift, immediate.size())
                : operand;
    }
}
