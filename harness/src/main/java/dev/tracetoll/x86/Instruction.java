package dev.tracetoll.x86;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A decoded instruction, at the address that it was decoded for. Made by {@link Decoder}. */
public final class Instruction {

    /** No instruction is longer: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, 2.3.11. */
    public static final int MOST_BYTES = 15;

    /** What belongs to a mnemonic. */
    record Meaning(Operation operation, Optional<Condition> condition) {}

    private final long address;
    private final byte[] bytes;
    private final Meaning meaning;
    private final Flow flow;
    /** Decoded when they are asked for: of most instructions nothing is. Several threads may do so and find the same. */
    private @Nullable Details details;

    Instruction(long address, byte[] bytes, Meaning meaning) {
        this.address = address;
        this.bytes = bytes;
        this.meaning = meaning;
        this.flow = flowOf(meaning.operation, bytes);
    }

    private static Flow flowOf(Operation operation, byte[] bytes) {
        return switch (operation) {
            case JMP -> RelativeBranch.is(bytes) ? Flow.JUMP : Flow.INDIRECT_JUMP;
            case JCC, LOOP -> Flow.CONDITIONAL_JUMP;
            case CALL -> RelativeBranch.is(bytes) ? Flow.CALL : Flow.INDIRECT_CALL;
            case RET, FAR_RETURN -> Flow.RETURN;
            default -> Flow.NEXT;
        };
    }

    private Details details() {
        Details known = details;
        if (known == null) {
            known = DetailDecoder.of(this);
            details = known;
        }
        return known;
    }

    /** Where it is. */
    public long address() {
        return address;
    }

    /** Its bytes; not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    /** How many bytes it has. */
    public int length() {
        return bytes.length;
    }

    /** The address of the instruction that follows. */
    public long next() {
        return address + bytes.length;
    }

    /** Its mnemonic and operands in Intel syntax, for people. */
    public String text() {
        return DetailDecoder.textOf(this);
    }

    public Operation operation() {
        return meaning.operation;
    }

    /** On what it jumps, if that is what the flags say. */
    public Optional<Condition> condition() {
        return meaning.condition;
    }

    /** Its operands that are written out, in Intel's order: the one that is written comes first. */
    public List<Operand> operands() {
        return details().operands();
    }

    /** The registers that its effect depends on. */
    public RegisterSet reads() {
        return new RegisterSet(details().reads());
    }

    /** The registers that it may change, besides the instruction pointer. */
    public RegisterSet writes() {
        return new RegisterSet(details().writes());
    }

    public Flow flow() {
        return flow;
    }

    /** Where a direct jump or call leads; empty for all others. */
    public OptionalLong target() {
        return isDirect() ? OptionalLong.of(next() + RelativeBranch.distance(bytes)) : OptionalLong.empty();
    }

    private boolean isDirect() {
        return isDirectJump() || flow == Flow.CALL;
    }

    /** Whether it is a direct jump, conditional or not. */
    public boolean isDirectJump() {
        return flow == Flow.JUMP || flow == Flow.CONDITIONAL_JUMP;
    }

    /** Whether it goes on at an address that it takes from a register or from memory, and not behind it. */
    public boolean goesAnywhere() {
        return flow == Flow.RETURN || flow == Flow.INDIRECT_JUMP;
    }

    /** Whether its bytes would mean something else at another address. */
    public boolean dependsOnItsPlace() {
        return isDirect() || isRelative();
    }

    /** Whether an operand's address is told by its distance from the instruction. */
    boolean isRelative() {
        for (Operand operand : operands()) {
            if (operand instanceof Operand.Memory memory && memory.isRelative()) {
                return true;
            }
        }
        return false;
    }

    Details.Prefixes prefixes() {
        return details().prefixes();
    }

    /** Where in its bytes the displacement of its operand in memory is; 0 if there is none. */
    int displacementOffset() {
        return details().displacementOffset();
    }

    @Override
    public String toString() {
        return "0x" + Long.toHexString(address) + " " + text();
    }
}
