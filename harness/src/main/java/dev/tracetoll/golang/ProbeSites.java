package dev.tracetoll.golang;

import dev.tracetoll.x86.Flow;
import dev.tracetoll.x86.Instruction;
import dev.tracetoll.x86.Operand;
import dev.tracetoll.x86.Operation;
import dev.tracetoll.x86.Register;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds where to probe a function.
 *
 * <p>A Go function begins with a check of its stack: if there is too little, it calls {@code runtime.morestack}, which moves the stack and
 * jumps back to the entry. A probe on the entry would count such a call twice, so calls are seen at the branch of the check itself: its
 * condition says whether the call comes back, and each argument is still where the ABI put it. Behind the check it would be too late, because
 * arguments that the function never uses are not kept while the stack grows. A function without the check is probed at its entry.
 *
 * <p>A return is seen at its {@code ret}, or at a nop before it behind which nothing but the frame is taken down, where that is preferred. Of the
 * 27 995 returns of Go 1.26's own command 3.1 % have such a nop (2.8 % in a program of Go 1.19). Other instructions would add little: into the
 * epilogue of 3.9 % lead jumps alone, all of which would have to be probed; into 1.6 % falls a conditional jump, whose flags would have to be
 * looked at. A call is the last instruction before the epilogue of 16.8 %, but its site is hit before the results are there. No push is ever
 * the last. So these are no candidates.
 */
final class ProbeSites {

    /** Why a function cannot be probed. */
    static final class Unprobeable extends Exception {
        private static final long serialVersionUID = 1;

        private final String why;

        Unprobeable(String why) {
            super(why);
            this.why = why;
        }

        String why() {
            return why;
        }
    }

    /** The check is among the first instructions; the longest prologue (a huge frame in a method wrapper) has fewer. */
    private static final int LONGEST_PROLOGUE = 16;
    /** Spilling every argument register before the call of morestack, and loading it again behind, takes an instruction each: 24 and 24. */
    private static final int LONGEST_SPILL = 64;

    private static final int NO_EPILOGUE = -1;

    private final List<Instruction> code;
    private final LongPredicate isMorestack;
    private final SitePreference preference;
    private final LongFunction<Optional<Long>> fileOffset;

    /**
     * @param code the function's instructions
     * @param isMorestack whether an address is one of the runtime's morestack functions
     * @param preference decides between candidates
     * @param fileOffset from addresses to file offsets
     */
    ProbeSites(
            List<Instruction> code,
            LongPredicate isMorestack,
            SitePreference preference,
            LongFunction<Optional<Long>> fileOffset) {
        this.code = code;
        this.isMorestack = isMorestack;
        this.preference = preference;
        this.fileOffset = fileOffset;
    }

    /** Where calls are seen. */
    ProbeSite entry(SiteChoice choice) throws Unprobeable {
        if (code.isEmpty()) {
            throw new Unprobeable("it has no code");
        }
        int site = 0;
        StackCheck check = null;
        BitSet growth = new BitSet();
        for (int i = 0; i < Math.min(LONGEST_PROLOGUE, code.size()); i++) {
            Optional<StackGrowth> block = growthBlock(code.get(i));
            if (block.isPresent()) {
                check = stackCheck(code.get(i));
                site = check == null ? i + 1 : i;
                growth.set(block.get().first, block.get().last + 1);
            }
        }
        if (choice == SiteChoice.ENTRY) {
            check = site == 0 && check == null
                    ? null
                    : new StackCheck(0, code.get(0).address());
            site = 0;
        }
        if (site == code.size()) {
            throw new Unprobeable("it is nothing but its stack check");
        }
        Instruction chosen = code.get(site);
        for (int i = growth.nextClearBit(0); i < code.size(); i = growth.nextClearBit(i + 1)) {
            OptionalLong target = jumpTarget(code.get(i));
            if (target.isPresent()
                    && target.getAsLong() >= code.get(0).address()
                    && target.getAsLong() <= chosen.address()) {
                throw new Unprobeable("its code jumps back to where its calls would be counted, 0x"
                        + Long.toHexString(chosen.address()));
            }
        }
        return site(SiteKind.ENTRY, chosen, 0, Optional.ofNullable(check));
    }

    /** The branch as one whose condition can be told from the flags; null if it has another. */
    private static @Nullable StackCheck stackCheck(Instruction branch) {
        int flags = branch.condition().map(StackCheck::flagsOf).orElse(0);
        return flags == 0 ? null : new StackCheck(flags, branch.target().getAsLong());
    }

    /** Where returns are seen, one site for each {@code ret}. */
    List<ProbeSite> returns(SiteChoice choice) throws Unprobeable {
        List<ProbeSite> sites = new ArrayList<>();
        Optional<Set<Long>> targets = choice == SiteChoice.BEST ? jumpTargets() : Optional.empty();
        for (int i = 0; i < code.size(); i++) {
            if (isReturn(code.get(i))) {
                sites.add(
                        targets.isPresent()
                                ? returnSite(i, targets.get())
                                : site(SiteKind.RETURN, code.get(i), 0, Optional.empty()));
            }
        }
        return sites;
    }

    private ProbeSite returnSite(int ret, Set<Long> targets) throws Unprobeable {
        int frameBytes = 0;
        for (int i = ret;
                i > 0 && frameBytes >= 0 && !targets.contains(code.get(i).address());
                i--) {
            Instruction before = code.get(i - 1);
            if (isNop(before) && preference.overReturn(before)) {
                return site(SiteKind.RETURN, before, frameBytes, Optional.empty());
            }
            OptionalInt lowered = takesDown(before);
            frameBytes = lowered.isPresent() ? frameBytes + lowered.getAsInt() : NO_EPILOGUE;
        }
        return site(SiteKind.RETURN, code.get(ret), 0, Optional.empty());
    }

    /** Where the function's own jumps lead to; empty if one goes through the table of a switch, to places that are not known here. */
    private Optional<Set<Long>> jumpTargets() {
        Set<Long> targets = new HashSet<>();
        for (Instruction instruction : code) {
            if (instruction.flow() == Flow.INDIRECT_JUMP) {
                return Optional.empty();
            }
            jumpTarget(instruction).ifPresent(targets::add);
        }
        return Optional.of(targets);
    }

    /** Whether it is a nop that is not there to fill up a line of code. */
    private static boolean isNop(Instruction instruction) {
        return instruction.operation() == Operation.NOP
                && instruction.operands().isEmpty();
    }

    /** By how many bytes an instruction of an epilogue lowers the frame; empty if it does anything else. */
    private static OptionalInt takesDown(Instruction instruction) {
        List<Operand> operands = instruction.operands();
        return switch (instruction.operation()) {
            case POP -> isWhole(operands.get(0), Register.RBP) ? OptionalInt.of(Long.BYTES) : OptionalInt.empty();
            case ADD ->
                isWhole(operands.get(0), Register.RSP) && operands.get(1) instanceof Operand.Immediate lowered
                        ? OptionalInt.of((int) lowered.value())
                        : OptionalInt.empty();
            case MOV ->
                isWhole(operands.get(0), Register.RBP)
                                && operands.get(1) instanceof Operand.Memory saved
                                && saved.isOnStack()
                                && saved.displacement() != 0
                        ? OptionalInt.of(0)
                        : OptionalInt.empty();
            default -> OptionalInt.empty();
        };
    }

    private static boolean isWhole(Operand operand, int register) {
        return operand instanceof Operand.InRegister in && in.register().isWhole(register);
    }

    /** Whether the function may end by a jump to another one. */
    boolean tailCalls() {
        for (Instruction instruction : code) {
            OptionalLong target = jumpTarget(instruction);
            if (target.isPresent() && indexOf(target.getAsLong()) < 0 || isIndirectTailCall(instruction)) {
                return true;
            }
        }
        return false;
    }

    /** A jump through a register or memory; what has an index scaled by words is the compiler's jump through the table of a switch. */
    private static boolean isIndirectTailCall(Instruction instruction) {
        return instruction.flow() == Flow.INDIRECT_JUMP
                && !(instruction.operands().get(0) instanceof Operand.Memory memory
                        && memory.index().isPresent()
                        && memory.scale() == Long.BYTES);
    }

    private ProbeSite site(SiteKind kind, Instruction instruction, int frameBytes, Optional<StackCheck> check)
            throws Unprobeable {
        Optional<String> objection = preference.objection(instruction);
        if (objection.isPresent()) {
            throw new Unprobeable(objection.get());
        }
        long offset = fileOffset
                .apply(instruction.address())
                .orElseThrow(() -> new Unprobeable("its code is not in the file"));
        return new ProbeSite(kind, instruction, offset, frameBytes, check);
    }

    /** The instructions that grow the stack and jump back to the entry, as indexes. */
    private record StackGrowth(int first, int last) {}

    /** If the instruction branches to a block that calls morestack: that block. */
    private Optional<StackGrowth> growthBlock(Instruction instruction) {
        OptionalLong target = isConditional(instruction) ? jumpTarget(instruction) : OptionalLong.empty();
        int first = target.isPresent() ? indexOf(target.getAsLong()) : -1;
        if (first < 0) {
            return Optional.empty();
        }
        boolean grown = false;
        for (int i = first; i < Math.min(first + LONGEST_SPILL, code.size()); i++) {
            Instruction next = code.get(i);
            if (isCall(next)) {
                if (!isMorestack.test(next.target().getAsLong())) {
                    return Optional.empty();
                }
                grown = true;
            } else if (isConditional(next) || isReturn(next)) {
                return Optional.empty();
            } else if (jumpTarget(next).isPresent()) {
                return grown ? Optional.of(new StackGrowth(first, i)) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** The index of the instruction at an address; negative if there is none. */
    private int indexOf(long address) {
        int low = 0;
        int high = code.size() - 1;
        while (low <= high) {
            int middle = (low + high) / 2;
            int order = Long.compareUnsigned(code.get(middle).address(), address);
            if (order == 0) {
                return middle;
            }
            low = order < 0 ? middle + 1 : low;
            high = order < 0 ? high : middle - 1;
        }
        return -1;
    }

    private static boolean isReturn(Instruction instruction) {
        return instruction.operation() == Operation.RET;
    }

    private static boolean isConditional(Instruction instruction) {
        return instruction.flow() == Flow.CONDITIONAL_JUMP;
    }

    private static boolean isCall(Instruction instruction) {
        return instruction.flow() == Flow.CALL;
    }

    /** Where a direct jump, conditional or not, goes to. */
    private static OptionalLong jumpTarget(Instruction instruction) {
        return instruction.isDirectJump() ? instruction.target() : OptionalLong.empty();
    }
}
