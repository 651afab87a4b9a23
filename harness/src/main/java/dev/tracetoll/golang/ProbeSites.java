package dev.tracetoll.golang;

import dev.tracetoll.linux.Disassembler.Instruction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import java.util.function.Predicate;

/**
 * Chooses where to probe a function.
 *
 * <p>A Go function begins with a check of its stack: if there is too little, it calls {@code runtime.morestack}, which moves the stack and
 * jumps back to the entry. A probe on the entry would count such a call twice, so calls are seen right behind the check, where each
 * argument is still where the ABI put it and nothing has been pushed yet. A function without the check is probed at its entry.
 */
final class ProbeSites {

    /** Why a function cannot be probed. */
    static final class Unprobeable extends Exception {
        private static final long serialVersionUID = 1;

        Unprobeable(String why) {
            super(why);
        }
    }

    /** The check is among the first instructions; the longest prologue (a huge frame in a method wrapper) has fewer. */
    private static final int LONGEST_PROLOGUE = 16;
    /** Spilling every argument register before the call of morestack takes at most one instruction each. */
    private static final int LONGEST_SPILL = 32;

    private final List<Instruction> code;
    private final Map<Long, Integer> indexes;
    private final Predicate<Long> isMorestack;
    private final Emulation emulation;
    private final LongFunction<Optional<Long>> fileOffset;

    /**
     * @param code the function's instructions
     * @param isMorestack whether an address is one of the runtime's morestack functions
     * @param emulation what the kernel does with instructions under a uprobe
     * @param fileOffset from addresses to file offsets
     */
    ProbeSites(List<Instruction> code, Predicate<Long> isMorestack, Emulation emulation, LongFunction<Optional<Long>> fileOffset) {
        this.code = code;
        this.isMorestack = isMorestack;
        this.emulation = emulation;
        this.fileOffset = fileOffset;
        this.indexes = new HashMap<>();
        for (int i = 0; i < code.size(); i++) {
            indexes.put(code.get(i).address(), i);
        }
    }

    /** Where calls are seen. */
    ProbeSite entry() throws Unprobeable {
        if (code.isEmpty()) {
            throw new Unprobeable("it has no code");
        }
        int site = 0;
        int growth = code.size();
        for (int i = 0; i < Math.min(LONGEST_PROLOGUE, code.size()); i++) {
            Optional<Integer> morestack = growthBlock(code.get(i));
            if (morestack.isPresent()) {
                site = i + 1;
                growth = Math.min(growth, morestack.get());
            }
        }
        if (site == code.size()) {
            throw new Unprobeable("it is nothing but its stack check");
        }
        Instruction chosen = code.get(site);
        for (int i = 0; i < growth; i++) {
            OptionalLong target = branchTarget(code.get(i));
            if (target.isPresent() && target.getAsLong() == chosen.address()) {
                throw new Unprobeable("its code jumps back to where its calls would be counted, 0x" + Long.toHexString(chosen.address()));
            }
        }
        return site(SiteKind.ENTRY, chosen);
    }

    /** Where returns are seen: every {@code ret}. */
    List<ProbeSite> returns() throws Unprobeable {
        List<ProbeSite> sites = new ArrayList<>();
        for (Instruction instruction : code) {
            if (isReturn(instruction)) {
                sites.add(site(SiteKind.RETURN, instruction));
            }
        }
        return sites;
    }

    private ProbeSite site(SiteKind kind, Instruction instruction) throws Unprobeable {
        long offset = fileOffset.apply(instruction.address()).orElseThrow(() -> new Unprobeable("its code is not in the file"));
        return new ProbeSite(kind, instruction.address(), offset, instruction.bytes(), instruction.text(),
                emulation.classOf(instruction.bytes()));
    }

    /** If the instruction branches to a block that calls morestack: the index of that block. */
    private Optional<Integer> growthBlock(Instruction instruction) {
        OptionalLong target = isConditional(instruction) ? branchTarget(instruction) : OptionalLong.empty();
        Integer block = target.isPresent() ? indexes.get(target.getAsLong()) : null;
        if (block == null) {
            return Optional.empty();
        }
        for (int i = block; i < Math.min(block + LONGEST_SPILL, code.size()); i++) {
            int opcode = code.get(i).bytes()[0] & 0xff;
            if (opcode == 0xe8) {
                return branchTarget(code.get(i)).stream().boxed().filter(isMorestack).map(called -> block).findFirst();
            }
            if (isConditional(code.get(i)) || isReturn(code.get(i)) || opcode == 0xe9 || opcode == 0xeb) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static boolean isReturn(Instruction instruction) {
        return (instruction.text() + " ").matches("(?:repz? |bnd )?ret .*");
    }

    private static boolean isConditional(Instruction instruction) {
        byte[] b = instruction.bytes();
        return (b[0] & 0xf0) == 0x70 || b[0] == 0x0f && b.length == 6 && (b[1] & 0xf0) == 0x80;
    }

    /** The target of a direct jump or call. */
    private static OptionalLong branchTarget(Instruction instruction) {
        byte[] b = instruction.bytes();
        int opcode = b[0] & 0xff;
        if ((opcode & 0xf0) == 0x70 || opcode == 0xeb) {
            return OptionalLong.of(instruction.next() + b[1]);
        }
        if (opcode == 0xe8 || opcode == 0xe9 || isConditional(instruction)) {
            return OptionalLong.of(instruction.next() + littleEndian(b, b.length - Integer.BYTES));
        }
        return OptionalLong.empty();
    }

    private static int littleEndian(byte[] b, int at) {
        return b[at] & 0xff | (b[at + 1] & 0xff) << 8 | (b[at + 2] & 0xff) << 16 | b[at + 3] << 24;
    }
}
