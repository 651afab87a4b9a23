package dev.tracetoll.golang;

import dev.tracetoll.linux.elf.ElfFile;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.x86.Decoder;
import dev.tracetoll.x86.Flow;
import dev.tracetoll.x86.Instruction;
import dev.tracetoll.x86.Operand;
import dev.tracetoll.x86.Operation;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongPredicate;

/** The code of a program's Go functions and what is between them, for who changes it. Not thread-safe. */
public final class ProgramCode implements AutoCloseable {

    /** The linker fills the gaps between functions with {@code int3}. */
    private static final byte PADDING = (byte) 0xcc;
    /** A switch has no more cases: its table has as many words. */
    private static final int MOST_CASES = 1 << 16;
    /** Functions begin at multiples of this or less, so there is no more padding between two. */
    private static final int ALIGNMENT = 64;

    private final ElfFile elf;
    private final Decoder decoder = new Decoder();
    private final TreeMap<Long, Pclntab.Entry> functions = new TreeMap<>();
    private final Map<Long, Optional<FunctionCode>> known = new HashMap<>();

    private ProgramCode(ElfFile elf) {
        this.elf = elf;
        Pclntab.of(elf)
                .map(Pclntab::functions)
                .orElse(List.of())
                .forEach(function -> functions.put(function.address(), function));
    }

    /**
     * Opens a program.
     *
     * @throws BadInput if it has no table of functions
     */
    public static ProgramCode open(Path program) {
        ElfFile elf = ElfFile.open(program);
        try {
            ProgramCode code = new ProgramCode(elf);
            if (code.functions.isEmpty()) {
                throw new BadInput(elf.path()
                        + " has no table of functions (pclntab) in a form that is known; build it with a version of Go from "
                        + GoVersion.OLDEST + " on");
            }
            return code;
        } catch (RuntimeException e) {
            elf.close();
            throw e;
        }
    }

    /** The function that has an address; empty if none has, or not all of it can be decoded. */
    public Optional<FunctionCode> around(long address) {
        Map.Entry<Long, Pclntab.Entry> found = functions.floorEntry(address);
        return found == null || address >= found.getKey() + found.getValue().size()
                ? Optional.empty()
                : known.computeIfAbsent(found.getKey(), start -> read(found.getValue()));
    }

    private Optional<FunctionCode> read(Pclntab.Entry function) {
        if (elf.fileOffset(function.address()).isEmpty()) {
            return Optional.empty();
        }
        List<Instruction> code =
                decoder.decode(elf.read(function.address(), (int) function.size()), function.address());
        long end = function.address() + function.size();
        return code.isEmpty() || code.get(code.size() - 1).next() != end
                ? Optional.empty()
                : Optional.of(new FunctionCode(code, targets(code, end), paddingAt(end)));
    }

    private int paddingAt(long end) {
        Long next = functions.ceilingKey(end);
        // Behind the last function may be what is not Go's.
        int most = next == null ? 0 : (int) Math.min(ALIGNMENT, next - end);
        if (most == 0 || elf.fileOffset(end).isEmpty()) {
            return 0;
        }
        byte[] bytes = elf.read(end, most);
        int padding = 0;
        while (padding < most && bytes[padding] == PADDING) {
            padding++;
        }
        return padding;
    }

    /** Where a function's jumps lead. Of those through a table the address of the table is loaded by an instruction of the same function. */
    private Optional<Set<Long>> targets(List<Instruction> code, long end) {
        Set<Long> targets = new HashSet<>();
        boolean switches = false;
        for (Instruction instruction : code) {
            if (instruction.isDirectJump()) {
                targets.add(instruction.target().getAsLong());
            }
            switches |= instruction.flow() == Flow.INDIRECT_JUMP;
        }
        if (!switches) {
            return Optional.of(targets);
        }
        long start = code.get(0).address();
        boolean found = false;
        for (Instruction instruction : code) {
            OptionalLong table = loaded(instruction);
            if (table.isPresent()) {
                Set<Long> cases = cases(table.getAsLong(), start, end);
                found |= !cases.isEmpty();
                targets.addAll(cases);
            }
        }
        return found ? Optional.of(targets) : Optional.empty();
    }

    /** The address that an instruction loads; empty if it loads none that is known. */
    private static OptionalLong loaded(Instruction instruction) {
        return instruction.operation() == Operation.LEA
                        && instruction.operands().get(1) instanceof Operand.Memory memory
                        && memory.isRelative()
                ? OptionalLong.of(instruction.next() + memory.displacement())
                : OptionalLong.empty();
    }

    private Set<Long> cases(long table, long start, long end) {
        Set<Long> cases = new HashSet<>();
        for (int i = 0; i < MOST_CASES; i++) {
            long at = table + (long) i * Long.BYTES;
            if (elf.fileOffset(at).isEmpty()
                    || elf.fileOffset(at + Long.BYTES - 1).isEmpty()) {
                break;
            }
            long to = elf.pointer(at);
            if (to < start || to >= end) {
                break;
            }
            cases.add(to);
        }
        return cases;
    }

    /**
     * Bytes near an address that nobody executes.
     *
     * @param from the address
     * @param reach how far they may be from it, on either side
     * @param bytes how many are needed
     * @param free whether nobody has taken those at an address yet
     * @return the address of the first; empty if there are none
     */
    public OptionalLong padding(long from, int reach, int bytes, LongPredicate free) {
        Map.Entry<Long, Pclntab.Entry> function = functions.floorEntry(from + reach);
        while (function != null && function.getKey() + function.getValue().size() + ALIGNMENT > from - reach) {
            long end = function.getKey() + function.getValue().size();
            int padding = paddingAt(end);
            for (long at = end; at + bytes <= end + padding; at++) {
                if (Math.abs(at - from) <= reach && free.test(at)) {
                    return OptionalLong.of(at);
                }
            }
            function = functions.lowerEntry(function.getKey());
        }
        return OptionalLong.empty();
    }

    @Override
    public void close() {
        decoder.close();
        elf.close();
    }
}
