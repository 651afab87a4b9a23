package dev.tracetoll.golang;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The instruction address a probe sits on.
 *
 * @param kind entry or return
 * @param address virtual address in the ELF file (add the load bias for the address in a process)
 * @param fileOffset offset of the instruction in the ELF file, as uprobes want it
 * @param instruction the displaced instruction's bytes
 * @param mnemonic the displaced instruction as text, for people
 * @param siteClass what the kernel does with the displaced instruction under a uprobe
 * @param frameBytes how far above the stack pointer the return address is: 0 where nothing has been pushed yet, or all has been popped
 * @param check the displaced instruction, if it is the branch of a stack check: the site is hit again for every time that it is taken
 */
public record ProbeSite(
        SiteKind kind, long address, long fileOffset, byte[] instruction, String mnemonic, SiteClass siteClass, int frameBytes,
        Optional<StackCheck> check) {

    /** In Intel syntax the first operand is the one that is written, except by instructions that only compare. */
    private static final Pattern WRITES_FLOAT = Pattern.compile("(?!v?u?comis|v?ptest)\\S+ [xyz]mm(\\d+)\\b.*");

    /** Index of the floating-point register that the displaced instruction writes, if it does. */
    public OptionalInt writtenFloatRegister() {
        Matcher writes = WRITES_FLOAT.matcher(mnemonic);
        return writes.matches() ? OptionalInt.of(Integer.parseInt(writes.group(1))) : OptionalInt.empty();
    }
}
