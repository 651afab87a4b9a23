package dev.tracetoll.linux.elf;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import jnr.ffi.Pointer;

/** A DWARF debugging information entry. Valid while its {@link DebugInfo} is open. */
public final class Die {

    /** An operation of a location expression: a {@code DW_OP_…} number and its first operand. */
    public record Operation(int code, long operand) {}

    private final DebugInfo debugInfo;
    final Pointer address;

    Die(DebugInfo debugInfo, Pointer address) {
        this.debugInfo = debugInfo;
        this.address = address;
    }

    /** Where it is in {@code .debug_info}: its identity. */
    public long offset() {
        return debugInfo.offset(address);
    }

    /** Its tag, a {@code DW_TAG_…} number. */
    public int tag() {
        return debugInfo.tag(address);
    }

    public boolean has(int attribute) {
        return debugInfo.has(address, attribute);
    }

    public Optional<String> string(int attribute) {
        return Optional.ofNullable(debugInfo.string(address, attribute));
    }

    /** A constant; {@code otherwise} if the attribute is not there. */
    public long number(int attribute, long otherwise) {
        return debugInfo.number(address, attribute, otherwise);
    }

    /** A constant or an address, whichever form it has; empty if the attribute is not there. */
    public OptionalLong constantOrAddress(int attribute) {
        return has(attribute)
                ? OptionalLong.of(debugInfo.constantOrAddress(address, attribute, 0))
                : OptionalLong.empty();
    }

    /** The location expression in force at an address of the program; empty if there is none. */
    public List<Operation> location(int attribute, long programAddress) {
        return debugInfo.location(address, attribute, programAddress);
    }

    public OptionalLong address(int attribute) {
        return has(attribute) ? OptionalLong.of(debugInfo.address(address, attribute, 0)) : OptionalLong.empty();
    }

    public boolean flag(int attribute) {
        return debugInfo.flag(address, attribute);
    }

    /** The entry that a reference attribute points to. */
    public Optional<Die> reference(int attribute) {
        return Optional.ofNullable(debugInfo.reference(address, attribute));
    }

    /** Visits the direct children in order. The entry handed over is reused: it is valid during the visit only. */
    public void forEachChild(Consumer<Die> visitor) {
        Die child = new Die(
                debugInfo,
                jnr.ffi.Memory.allocateDirect(jnr.ffi.Runtime.getSystemRuntime(), DebugInfo.DIE_BYTES, true));
        long before = -1;
        for (boolean more = debugInfo.child(address, child); more; more = debugInfo.sibling(child)) {
            if (child.offset() <= before) {
                throw debugInfo.damaged("an entry's sibling is before it");
            }
            before = child.offset();
            debugInfo.visit();
            visitor.accept(child);
        }
    }
}
