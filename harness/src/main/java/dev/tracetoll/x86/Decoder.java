package dev.tracetoll.x86;

import dev.tracetoll.linux.capstone.Disassembler;
import dev.tracetoll.problem.BadInput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decodes machine code. Not thread-safe. */
public final class Decoder implements AutoCloseable {

    /** No function has as many; more would take more memory than a function is worth. */
    public static final int MOST_INSTRUCTIONS = 1 << 20;

    private static final Map<String, Condition> CONDITIONS = new HashMap<>();

    static {
        for (Condition condition : Condition.values()) {
            CONDITIONS.put(condition.jump(), condition);
        }
    }

    private final Disassembler disassembler = new Disassembler();
    /** By libcapstone's numbers, made from its names as they come. */
    private Instruction.Meaning[] meanings = new Instruction.Meaning[0];

    /**
     * Decodes code from its start, up to its end, the first bytes that are no instruction, or {@link #MOST_INSTRUCTIONS}.
     *
     * @param code the bytes
     * @param address the address of the first
     */
    public List<Instruction> decode(byte[] code, long address) {
        return decode(code, address, MOST_INSTRUCTIONS);
    }

    private List<Instruction> decode(byte[] code, long address, int most) {
        List<Instruction> list = new ArrayList<>();
        disassembler.decode(code, address, most, (id, at, bytes) -> list.add(new Instruction(at, bytes, meaning(id))));
        return list;
    }

    /**
     * Decodes the first instruction of code.
     *
     * @throws BadInput if it is none
     */
    public Instruction first(byte[] code, long address) {
        List<Instruction> first = decode(code, address, 1);
        if (first.isEmpty()) {
            throw new BadInput("libcapstone does not know the instruction at 0x" + Long.toHexString(address) + ", "
                    + HexFormat.of().formatHex(code) + "; choose another function");
        }
        return first.get(0);
    }

    private Instruction.Meaning meaning(int id) {
        if (id >= meanings.length) {
            meanings = Arrays.copyOf(meanings, Math.max(id + 1, 2 * meanings.length));
        }
        if (meanings[id] == null) {
            String mnemonic = disassembler.name(id);
            meanings[id] =
                    new Instruction.Meaning(Operation.of(mnemonic), Optional.ofNullable(CONDITIONS.get(mnemonic)));
        }
        return meanings[id];
    }

    @Override
    public void close() {
        disassembler.close();
    }
}
