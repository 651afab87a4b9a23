package dev.tracetoll.tracing.patching;

import dev.tracetoll.golang.FunctionCode;
import dev.tracetoll.golang.ProgramCode;
import dev.tracetoll.golang.StackCheck;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.x86.Flow;
import dev.tracetoll.x86.Instruction;
import dev.tracetoll.x86.Operation;
import dev.tracetoll.x86.Relocation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Finds instructions to displace, at which every site of a function is passed.
 *
 * <p>The call is seen behind the stack check, which is displaced whole, so that each call is seen once; a function without one loses its first
 * instructions instead. A return is seen at its {@code ret}, together with which what stands before it is displaced. Nothing may lead between
 * the instructions that are displaced: neither a jump nor the return of a call.
 */
public final class PatchPlanner {

    /** Why a function cannot be patched; it speaks of the function as "it". */
    public static final class Unpatchable extends Exception {
        private static final long serialVersionUID = 1;

        Unpatchable(String why) {
            super(why);
        }
    }

    /** As far as a jump of two bytes leads. */
    private static final int SHORT_REACH = 120;

    private final ProgramCode program;
    /** Padding that jumps have been put into. */
    private final Set<Long> taken = new HashSet<>();

    /** One for a program, none of whose functions is patched yet. */
    public PatchPlanner(ProgramCode program) {
        this.program = program;
    }

    /**
     * The patches for the sites of one function.
     *
     * @param sites what is seen of it
     * @param numbers the numbers of those sites in the plan
     */
    public List<Patch> of(List<SitePlan> sites, List<Integer> numbers) throws Unpatchable {
        FunctionCode code = code(sites);
        List<Patch> patches = new ArrayList<>();
        for (int i = 0; i < sites.size(); i++) {
            add(patches, code, sites.get(i), numbers.get(i));
        }
        return patches;
    }

    /**
     * The patches for as many of the sites of one function as can be.
     *
     * @param sites what is seen of it
     * @param numbers the numbers of those sites in the plan
     * @param probed where there are probes of another kind, which a jump must not be put over
     * @param refused told the number of each other site, which is to have a probe of that kind, and why
     */
    public List<Patch> ofMost(
            List<SitePlan> sites, List<Integer> numbers, Set<Long> probed, BiConsumer<Integer, String> refused) {
        FunctionCode code;
        try {
            code = code(sites);
        } catch (Unpatchable e) {
            numbers.forEach(number -> refused.accept(number, e.getMessage()));
            return List.of();
        }
        List<Patch> patches = new ArrayList<>();
        Map<Integer, String> refusals = new TreeMap<>();
        Set<Long> elsewhere = new HashSet<>(probed);
        for (int i = 0; i < sites.size(); i++) {
            try {
                add(patches, code, sites.get(i), numbers.get(i));
            } catch (Unpatchable e) {
                refusals.put(numbers.get(i), e.getMessage());
                elsewhere.add(sites.get(i).site().address());
            }
        }
        // What is not patched after all is probed, too.
        Optional<Patch> broken = brokenBy(elsewhere, patches);
        while (broken.isPresent()) {
            for (Patch.Recording recording : broken.get().recordings()) {
                refusals.put(recording.site(), "another probe is among the instructions to be displaced");
                elsewhere.add(
                        sites.get(numbers.indexOf(recording.site())).site().address());
            }
            patches.remove(broken.get());
            broken = brokenBy(elsewhere, patches);
        }
        refusals.forEach(refused);
        return patches;
    }

    private static Optional<Patch> brokenBy(Set<Long> probed, List<Patch> patches) {
        return patches.stream()
                .filter(patch -> probed.stream().anyMatch(address -> overlaps(patch, address, address + 1)))
                .findFirst();
    }

    private FunctionCode code(List<SitePlan> sites) throws Unpatchable {
        return program.around(sites.get(0).site().address())
                .orElseThrow(() -> new Unpatchable("its code cannot be decoded"));
    }

    private void add(List<Patch> patches, FunctionCode code, SitePlan site, int number) throws Unpatchable {
        if (site.anyR14()) {
            throw new Unpatchable(
                    "it is written in assembly, or called as assembly is: which registers are free there is not known");
        }
        if (site.isReturn()) {
            addReturn(patches, code, site, number);
        } else {
            addEntry(patches, code, site, number);
        }
    }

    private void addEntry(List<Patch> patches, FunctionCode code, SitePlan site, int number) throws Unpatchable {
        int at = indexOf(code, site);
        Optional<StackCheck> check = site.site().check();
        if (check.isPresent() && check.get().untold()) {
            throw new Unpatchable(
                    "its calls are to be seen before their stack is checked, which is done elsewhere only");
        }
        if (check.isPresent()) {
            List<Instruction> displaced = code.instructions().subList(0, at + 1);
            for (Instruction each : displaced) {
                if (!isMovable(each)
                        && !(each.flow() == Flow.CONDITIONAL_JUMP
                                && each.target().getAsLong() == check.get().target())) {
                    throw new Unpatchable("its check of the stack has an instruction that must be where it is, at 0x"
                            + Long.toHexString(each.address()));
                }
            }
            if (code.targets().isPresent() && code.isEntered(code.start(), code.start() + Patch.JUMP_BYTES)) {
                throw new Unpatchable("a jump leads into its check of the stack");
            }
            patches.add(new Patch(
                    displaced,
                    new ArrayList<>(List.of(new Patch.Recording(displaced.size(), number))),
                    OptionalLong.empty()));
            return;
        }
        int end = at;
        while (end < code.instructions().size() && bytes(code, at, end) < Patch.JUMP_BYTES) {
            Instruction each = code.instructions().get(end);
            if (!isMovable(each)) {
                throw new Unpatchable(
                        "one of its first instructions must be where it is, at 0x" + Long.toHexString(each.address()));
            }
            end++;
            if (each.goesAnywhere()) {
                break;
            }
        }
        requireNotEntered(code, at, end);
        if (!takeRoom(code, at, end)) {
            throw new Unpatchable("it has too few bytes for a jump");
        }
        patches.add(new Patch(
                code.instructions().subList(at, end),
                new ArrayList<>(List.of(new Patch.Recording(0, number))),
                OptionalLong.empty()));
    }

    private void addReturn(List<Patch> patches, FunctionCode code, SitePlan site, int number) throws Unpatchable {
        int at = indexOf(code, site);
        for (Patch patch : patches) {
            int within = patch.indexOf(site.site().address());
            if (within >= 0) {
                patch.recordings().add(new Patch.Recording(within, number));
                return;
            }
        }
        int end = at + 1;
        while (code.instructions().get(end - 1).operation() != Operation.RET) {
            end++;
        }
        int start = at;
        while (bytes(code, start, end) < Patch.JUMP_BYTES
                && start > 0
                && isMovable(code.instructions().get(start - 1))
                && code.targets().isPresent()
                && !code.isEntered(address(code, start - 1), end(code, end))) {
            start--;
        }
        int first = start;
        int last = end;
        Optional<Patch> before = patches.stream()
                .filter(patch -> overlaps(patch, address(code, first), end(code, last)))
                .findFirst();
        if (before.isPresent()) {
            extend(patches, before.get(), code, at, end, number);
            return;
        }
        if (!allMovable(code, start, end)) {
            throw new Unpatchable("the instructions before its return at 0x"
                    + Long.toHexString(site.site().address()) + " must be where they are");
        }
        List<Instruction> displaced = code.instructions().subList(start, end);
        List<Patch.Recording> recordings = new ArrayList<>(List.of(new Patch.Recording(at - start, number)));
        if (takeRoom(code, start, end)) {
            patches.add(new Patch(displaced, recordings, OptionalLong.empty()));
            return;
        }
        OptionalLong via = bytes(code, start, end) < Patch.SHORT_JUMP_BYTES
                ? OptionalLong.empty()
                : program.padding(
                        address(code, start) + Patch.SHORT_JUMP_BYTES, SHORT_REACH, Patch.JUMP_BYTES, this::isFree);
        if (via.isEmpty()) {
            throw new Unpatchable("there is no room for a jump at its return at 0x"
                    + Long.toHexString(site.site().address()));
        }
        take(via.getAsLong(), Patch.JUMP_BYTES);
        patches.add(new Patch(displaced, recordings, via));
    }

    /** What is displaced at the entry of a short function goes on up to its return. */
    private void extend(List<Patch> patches, Patch patch, FunctionCode code, int at, int end, int number)
            throws Unpatchable {
        int start = code.indexOf(patch.address());
        if (!allMovable(
                code,
                code.indexOf(patch.displaced().get(patch.displaced().size() - 1).address()) + 1,
                end)) {
            throw new Unpatchable("its entry and its return are too close to each other");
        }
        requireNotEntered(code, start, end);
        List<Patch.Recording> recordings = new ArrayList<>(patch.recordings());
        recordings.add(new Patch.Recording(at - start, number));
        patches.set(
                patches.indexOf(patch), new Patch(code.instructions().subList(start, end), recordings, patch.via()));
    }

    private static boolean overlaps(Patch patch, long start, long end) {
        return start < Math.max(patch.end(), patch.address() + patch.bytes()) && patch.address() < end;
    }

    private void take(long from, int bytes) {
        for (int i = 0; i < bytes; i++) {
            taken.add(from + i);
        }
    }

    private boolean isFree(long from) {
        return isFree(from, Patch.JUMP_BYTES);
    }

    private boolean isFree(long from, int bytes) {
        for (int i = 0; i < bytes; i++) {
            if (taken.contains(from + i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a jump fits in the place of some instructions; if they are a function's last ones, it may go on into padding, which is taken then. */
    private boolean takeRoom(FunctionCode code, int start, int end) {
        int missing = Patch.JUMP_BYTES - bytes(code, start, end);
        if (missing <= 0) {
            return true;
        }
        boolean last = end == code.instructions().size();
        if (!last || missing > code.padding() || !isFree(code.end(), missing)) {
            return false;
        }
        take(code.end(), missing);
        return true;
    }

    private static void requireNotEntered(FunctionCode code, int from, int to) throws Unpatchable {
        if (code.isEntered(address(code, from), end(code, to))) {
            throw new Unpatchable("a jump may lead between the instructions to be displaced at 0x"
                    + Long.toHexString(address(code, from)));
        }
    }

    private static boolean allMovable(FunctionCode code, int from, int to) {
        return code.instructions().subList(from, to).stream().allMatch(PatchPlanner::isMovable);
    }

    /** Whether it does the same elsewhere, jumps apart. */
    private static boolean isMovable(Instruction instruction) {
        return !instruction.isDirectJump()
                && instruction.flow() != Flow.CALL
                && instruction.flow() != Flow.INDIRECT_CALL
                && instruction.flow() != Flow.INDIRECT_JUMP
                && Relocation.moved(instruction, instruction.address(), instruction.address())
                        .isPresent();
    }

    private static int indexOf(FunctionCode code, SitePlan site) throws Unpatchable {
        int at = code.indexOf(site.site().address());
        if (at < 0) {
            throw new Unpatchable(
                    "its site at 0x" + Long.toHexString(site.site().address()) + " is no instruction");
        }
        return at;
    }

    private static int bytes(FunctionCode code, int from, int to) {
        return (int) (end(code, to) - address(code, from));
    }

    private static long address(FunctionCode code, int index) {
        return index == code.instructions().size()
                ? code.end()
                : code.instructions().get(index).address();
    }

    /** Where the instruction before an index ends. */
    private static long end(FunctionCode code, int index) {
        return address(code, index);
    }
}
