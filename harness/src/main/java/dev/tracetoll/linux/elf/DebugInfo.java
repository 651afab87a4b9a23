package dev.tracetoll.linux.elf;

import dev.tracetoll.linux.libc.NativeLibrary;
import dev.tracetoll.problem.BadInput;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.types.size_t;
import org.jspecify.annotations.Nullable;

/** The DWARF debugging information of an ELF file, read through libdw. Not thread-safe; closed before its {@link ElfFile}. */
public final class DebugInfo implements AutoCloseable {

    /** libdw, functions as in {@code <elfutils/libdw.h>}. */
    public interface Calls {
        Pointer dwarf_begin_elf(Pointer elf, int command, @Nullable Pointer group);

        int dwarf_end(Pointer dwarf);

        int dwarf_get_units(
                Pointer dwarf,
                @Nullable Pointer unit,
                Pointer next,
                @Nullable Pointer version,
                @Nullable Pointer type,
                Pointer die,
                @Nullable Pointer subdie);

        Pointer dwarf_offdie(Pointer dwarf, long offset, Pointer die);

        long dwarf_dieoffset(Pointer die);

        int dwarf_child(Pointer die, Pointer child);

        int dwarf_siblingof(Pointer die, Pointer sibling);

        int dwarf_tag(Pointer die);

        Pointer dwarf_attr(Pointer die, int name, Pointer attribute);

        int dwarf_formudata(Pointer attribute, Pointer value);

        int dwarf_formaddr(Pointer attribute, Pointer value);

        int dwarf_formflag(Pointer attribute, Pointer value);

        Pointer dwarf_formstring(Pointer attribute);

        int dwarf_formblock(Pointer attribute, Pointer block);

        int dwarf_cu_info(
                Pointer unit,
                Pointer version,
                @Nullable Pointer type,
                @Nullable Pointer die,
                @Nullable Pointer subdie,
                @Nullable Pointer id,
                @Nullable Pointer addressSize,
                @Nullable Pointer offsetSize);

        Pointer dwarf_formref_die(Pointer attribute, Pointer die);

        int dwarf_getlocation_addr(
                Pointer attribute, long address, Pointer expressions, Pointer lengths, @size_t long capacity);

        String dwarf_errmsg(int error);
    }

    private static final class Libdw {
        static final Calls CALLS = NativeLibrary.load(Calls.class, "libdw.so.1", "libdw1");
    }

    // struct Dwarf_Die is 32 bytes, Dwarf_Attribute 24.
    static final int DIE_BYTES = 32;
    private static final int ATTRIBUTE_BYTES = 24;
    // Dwarf_Attribute: code, form, valp, cu.
    private static final int ATTRIBUTE_FORM = 4;
    private static final int ATTRIBUTE_UNIT = 16;
    // Dwarf_Block: length, data.
    private static final int BLOCK_BYTES = 16;
    private static final int DW_FORM_EXPRLOC = 0x18;
    private static final int DWARF_5 = 5;
    // Dwarf_Op: atom, number, number2, offset.
    private static final int OPERATION_BYTES = 32;

    /** Names of types with type arguments have some thousand bytes. */
    private static final int LONGEST_NAME = 1 << 16;
    /** How many bytes of names, and how many entries, are read at most: of small files as if they had this many bytes. */
    private static final int SMALL = 4 << 20;

    private static final int NAMES_A_BYTE = 8;
    private static final int BYTES_AN_ENTRY = 8;

    private final ElfFile file;
    private final Pointer dwarf;
    private final LongPredicate isEntry;
    private final Allowance names;
    private final Allowance entries;
    private @Nullable LocationLists lists;
    private @Nullable LocationLists listsBefore5;
    private boolean closed;
    private final Pointer attribute = Memory.allocateDirect(runtime(), ATTRIBUTE_BYTES, true);
    private final Pointer value = Memory.allocateDirect(runtime(), 8, true);

    private DebugInfo(ElfFile file, Pointer dwarf, LongPredicate isEntry) {
        this.file = file;
        this.dwarf = dwarf;
        this.isEntry = isEntry;
        long size = Math.max(SMALL, file.bytes());
        names = new Allowance(size * NAMES_A_BYTE, () -> damaged("its entries share long names"));
        entries = new Allowance(size / BYTES_AN_ENTRY, () -> damaged("its entries share others"));
    }

    static DebugInfo of(ElfFile file, Pointer elf, LongPredicate isEntry) {
        file.requireBearable();
        Pointer dwarf = Libdw.CALLS.dwarf_begin_elf(elf, 0, null);
        if (dwarf == null) {
            throw new BadInput(file.path() + " has no usable DWARF debugging information ("
                    + Libdw.CALLS.dwarf_errmsg(-1) + "); build it without -ldflags=-w or -s");
        }
        return new DebugInfo(file, dwarf, isEntry);
    }

    /** The root entry of every compilation unit. */
    public List<Die> units() {
        List<Die> units = new ArrayList<>();
        Pointer next = Memory.allocateDirect(runtime(), 8, true);
        Pointer unit = null;
        while (true) {
            Die die = newDie();
            int found = Libdw.CALLS.dwarf_get_units(dwarf, unit, next, null, null, die.address, null);
            if (found == 1) {
                return units;
            }
            if (found != 0) {
                throw damaged();
            }
            units.add(die);
            unit = next.getPointer(0);
        }
    }

    /** The entry at an offset of {@code .debug_info}. */
    public Die at(long offset) {
        Die die = newDie();
        requireEntry(offset);
        if (Libdw.CALLS.dwarf_offdie(dwarf, offset, die.address) == null) {
            throw damaged();
        }
        return die;
    }

    /** What libdw would take for an entry in the middle of one can be anything, such as a sibling of itself. */
    private void requireEntry(long offset) {
        if (!isEntry.test(offset)) {
            throw damaged("no entry begins at 0x" + Long.toHexString(offset) + ", where one is referred to");
        }
    }

    /** Counts an entry that is read. */
    void visit() {
        entries.spend(1);
    }

    private Die newDie() {
        if (closed) {
            throw new IllegalStateException("the debugging information of " + file.path() + " is closed");
        }
        return new Die(this, Memory.allocateDirect(runtime(), DIE_BYTES, true));
    }

    /** Makes {@code die} the first child of {@code parent}; false if there is none. */
    boolean child(Pointer parent, Die die) {
        return found(Libdw.CALLS.dwarf_child(parent, die.address));
    }

    /** Moves {@code die} to its next sibling; false at the last. */
    boolean sibling(Die die) {
        return found(Libdw.CALLS.dwarf_siblingof(die.address, die.address));
    }

    private boolean found(int result) {
        if (result < 0) {
            throw damaged();
        }
        return result == 0;
    }

    long offset(Pointer die) {
        return Libdw.CALLS.dwarf_dieoffset(die);
    }

    int tag(Pointer die) {
        return Libdw.CALLS.dwarf_tag(die);
    }

    boolean has(Pointer die, int name) {
        return Libdw.CALLS.dwarf_attr(die, name, attribute) != null;
    }

    @Nullable
    String string(Pointer die, int name) {
        Pointer text = has(die, name) ? Libdw.CALLS.dwarf_formstring(attribute) : null;
        if (text == null) {
            return null;
        }
        String string = text.getString(0, LONGEST_NAME + 1, StandardCharsets.UTF_8);
        if (string.length() > LONGEST_NAME) {
            throw damaged("a name does not end");
        }
        names.spend(string.length());
        return string;
    }

    long number(Pointer die, int name, long otherwise) {
        if (!has(die, name)) {
            return otherwise;
        }
        if (Libdw.CALLS.dwarf_formudata(attribute, value) != 0) {
            throw damaged();
        }
        return value.getLong(0);
    }

    long address(Pointer die, int name, long otherwise) {
        if (!has(die, name)) {
            return otherwise;
        }
        if (Libdw.CALLS.dwarf_formaddr(attribute, value) != 0) {
            throw damaged();
        }
        return value.getLong(0);
    }

    boolean flag(Pointer die, int name) {
        if (!has(die, name)) {
            return false;
        }
        if (Libdw.CALLS.dwarf_formflag(attribute, value) != 0) {
            throw damaged();
        }
        return value.getByte(0) != 0;
    }

    @Nullable
    Die reference(Pointer die, int name) {
        if (!has(die, name)) {
            return null;
        }
        Die target = newDie();
        if (Libdw.CALLS.dwarf_formref_die(attribute, target.address) == null) {
            throw damaged();
        }
        requireEntry(offset(target.address));
        return target;
    }

    /** A constant or an address, whichever form it has; {@code otherwise} if the attribute is not there. */
    long constantOrAddress(Pointer die, int name, long otherwise) {
        if (!has(die, name)) {
            return otherwise;
        }
        if (Libdw.CALLS.dwarf_formaddr(attribute, value) != 0 && Libdw.CALLS.dwarf_formudata(attribute, value) != 0) {
            throw damaged();
        }
        return value.getLong(0);
    }

    /** The location expression in force at an address; empty if there is none. */
    List<Die.Operation> location(Pointer die, int name, long address) {
        if (!has(die, name) || !isBearable(attribute)) {
            return List.of();
        }
        Pointer expression = Memory.allocateDirect(runtime(), 8, true);
        Pointer length = Memory.allocateDirect(runtime(), 8, true);
        if (Libdw.CALLS.dwarf_getlocation_addr(attribute, address, expression, length, 1) != 1) {
            return List.of();
        }
        List<Die.Operation> operations = new ArrayList<>();
        Pointer operation = expression.getPointer(0);
        for (long i = 0; i < length.getLong(0); i++) {
            long at = i * OPERATION_BYTES;
            operations.add(new Die.Operation(operation.getByte(at) & 0xff, operation.getLong(at + 8)));
        }
        return operations;
    }

    private boolean isBearable(Pointer location) {
        if (location.getInt(ATTRIBUTE_FORM) == DW_FORM_EXPRLOC) {
            Pointer block = Memory.allocateDirect(runtime(), BLOCK_BYTES, true);
            return Libdw.CALLS.dwarf_formblock(location, block) == 0
                    && Long.compareUnsigned(block.getLong(0), LocationLists.LONGEST_EXPRESSION) <= 0;
        }
        Pointer version = Memory.allocateDirect(runtime(), Long.BYTES, true);
        return Libdw.CALLS.dwarf_cu_info(
                                location.getPointer(ATTRIBUTE_UNIT), version, null, null, null, null, null, null)
                        == 0
                && Libdw.CALLS.dwarf_formudata(location, value) == 0
                && lists(version.getShort(0) >= DWARF_5).isBearable(value.getLong(0));
    }

    private LocationLists lists(boolean dwarf5) {
        if (dwarf5) {
            lists = lists != null ? lists : LocationLists.of(file, true);
            return lists;
        }
        listsBefore5 = listsBefore5 != null ? listsBefore5 : LocationLists.of(file, false);
        return listsBefore5;
    }

    private BadInput damaged() {
        String said = Libdw.CALLS.dwarf_errmsg(-1);
        return damaged(said == null || said.equals(ElfFile.NOTHING_WRONG) ? "an entry cannot be read" : said);
    }

    /** Says that what was read cannot be true. */
    public BadInput damaged(String what) {
        return new BadInput(file.path() + " has damaged DWARF debugging information: " + what + "; build it again");
    }

    private static Runtime runtime() {
        return Runtime.getSystemRuntime();
    }

    @Override
    public void close() {
        closed = true;
        Libdw.CALLS.dwarf_end(dwarf);
    }
}
