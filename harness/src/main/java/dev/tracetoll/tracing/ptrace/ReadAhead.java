package dev.tracetoll.tracing.ptrace;

import dev.tracetoll.golang.Location;
import dev.tracetoll.golang.RuntimeLayout;
import dev.tracetoll.linux.ptrace.ProcessMemory;
import dev.tracetoll.linux.ptrace.Registers;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.tracing.plan.TypeTable;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The memory that every hit of a site is sure to want, read in one call: what says whose goroutine it is, the return address with the
 * arguments on the stack, and what the strings and slices among the variables refer to.
 */
final class ReadAhead {

    /**
     * Bytes that a register refers to.
     *
     * @param pointer index of the register with the address
     * @param length index of the register with the number of elements
     * @param elementSize in bytes
     */
    private record Referenced(int pointer, int length, int elementSize) {}

    private final TypeTable types;
    private final int goroutineOffset;
    private final int goroutineSize;
    private final int stackSize;
    private final List<Referenced> referenced = new ArrayList<>();

    ReadAhead(SitePlan plan, TypeTable types, RuntimeLayout runtime) {
        this.types = types;
        this.goroutineOffset = firstOffset(runtime);
        this.goroutineSize = size(runtime);
        int end = 0;
        for (SitePlan.Piece piece : plan.pieces()) {
            if (piece.part().location() instanceof Location.StackSlot slot) {
                end = Math.max(end, slot.offset() + piece.part().size());
            }
        }
        this.stackSize = Long.BYTES + end;
        TypeTable.Entry entry = types.entry(plan.type());
        for (int i = 0; i < entry.references(); i++) {
            TypeTable.Reference reference = types.references().get(entry.firstReference() + i);
            if (reference.kind() == TypeTable.Kind.STRING || reference.kind() == TypeTable.Kind.SLICE) {
                OptionalInt pointer = register(plan, reference.offset());
                OptionalInt length = register(plan, reference.offset() + Long.BYTES);
                if (pointer.isPresent() && length.isPresent()) {
                    referenced.add(new Referenced(
                            pointer.getAsInt(),
                            length.getAsInt(),
                            types.entry(reference.target()).size()));
                }
            }
        }
    }

    private static OptionalInt register(SitePlan plan, int offset) {
        for (SitePlan.Piece piece : plan.pieces()) {
            if (piece.offset() == offset && piece.part().location() instanceof Location.IntRegister register) {
                return OptionalInt.of(register.index());
            }
        }
        return OptionalInt.empty();
    }

    /** Offset of the stack's lower end in a {@code g}: {@code struct stack { lo, hi uintptr }}. */
    static int stackLoOffset(RuntimeLayout runtime) {
        return runtime.stackHiOffset() - Long.BYTES;
    }

    /** Offset of the first of the fields of a {@code g} that are read. */
    static int firstOffset(RuntimeLayout runtime) {
        return Math.min(stackLoOffset(runtime), runtime.goidOffset());
    }

    /** How many bytes there are from the first to the last of them. */
    static int size(RuntimeLayout runtime) {
        return Math.max(runtime.stackHiOffset(), runtime.goidOffset()) + Long.BYTES - firstOffset(runtime);
    }

    /** Reads what is there; the reads that follow find it. */
    void read(ProcessMemory memory, int thread, Registers registers) {
        memory.forget();
        memory.plan(registers.goroutinePointer() + goroutineOffset, goroutineSize);
        if (stackSize > Long.BYTES) {
            memory.plan(registers.stackPointer(), stackSize);
        }
        for (int i = 0; i < referenced.size(); i++) {
            Referenced each = referenced.get(i);
            long length = registers.integerArgument(each.length);
            memory.plan(
                    registers.integerArgument(each.pointer), types.shown(length, each.elementSize) * each.elementSize);
        }
        memory.readAhead(thread);
    }
}
