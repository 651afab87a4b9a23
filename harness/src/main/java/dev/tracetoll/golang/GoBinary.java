package dev.tracetoll.golang;

import dev.tracetoll.linux.DebugInfo;
import dev.tracetoll.linux.Disassembler;
import dev.tracetoll.linux.ElfFile;
import dev.tracetoll.problem.BadInput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A Go program's file: which functions there are, and all that is needed to trace them. Not thread-safe. */
public final class GoBinary implements AutoCloseable {

    private static final int NEAREST_NAMES = 3;
    /** Where the linker puts the descriptions of types: {@code src/cmd/link/internal/ld/data.go}. */
    private static final String TYPES_SYMBOL = "runtime.types";

    private final ElfFile elf;
    private final GoVersion version;
    private final Emulation emulation;
    private final Map<String, ElfFile.Function> functions = new LinkedHashMap<>();
    private final Set<Long> morestack = new HashSet<>();
    private final Disassembler disassembler;
    private final DebugInfo debugInfo;
    private final DwarfFunctions dwarf;

    private GoBinary(ElfFile elf, GoVersion version, Emulation emulation) {
        this.elf = elf;
        this.version = version;
        this.emulation = emulation;
        for (ElfFile.Function function : elf.functions()) {
            functions.putIfAbsent(function.name(), function);
            if (function.name().startsWith("runtime.morestack")) {
                morestack.add(function.address());
            }
        }
        if (functions.isEmpty()) {
            throw new BadInput(elf.path() + " has no symbol table; build it without -ldflags=-s");
        }
        debugInfo = elf.debugInfo();
        try {
            dwarf = new DwarfFunctions(debugInfo, version);
            disassembler = new Disassembler();
        } catch (RuntimeException e) {
            debugInfo.close();
            throw e;
        }
    }

    /**
     * Opens a Go program.
     *
     * @param path the program
     * @param emulation what the kernel at hand does with instructions under a uprobe
     * @throws BadInput if there is no such file, or it is no Go program for Linux on x86-64 with symbols and DWARF
     */
    public static GoBinary open(Path path, Emulation emulation) {
        ElfFile elf = ElfFile.open(path);
        try {
            GoVersion version = BuildInfo.goVersion(elf).orElseThrow(() -> new BadInput(
                    path + " was not built by Go (it has no Go build information); give a Go program"));
            if (!version.atLeast(GoVersion.OLDEST)) {
                throw new BadInput(path + " was built by " + version + "; build it with " + GoVersion.OLDEST + " or later");
            }
            return new GoBinary(elf, version, emulation);
        } catch (RuntimeException e) {
            elf.close();
            throw e;
        }
    }

    public Path path() {
        return elf.path();
    }

    /** The Go that built the program. */
    public GoVersion version() {
        return version;
    }

    /** The names of all functions, as the linker has them. */
    public Set<String> functionNames() {
        return Set.copyOf(functions.keySet());
    }

    /** What the program's values can refer to. The types are read when they are asked for, while this binary is open. */
    public ProgramTypes types() {
        long base = elf.symbol(TYPES_SYMBOL).orElse(0L);
        Map<Long, TypeRef> dynamic = new HashMap<>();
        // The linker gives most as offsets from runtime.types, some as addresses.
        dwarf.runtimeTypes().forEach((type, reference) -> dynamic.put(Long.compareUnsigned(type, base) < 0 ? base + type : type, reference));
        ProgramTypes types = new ProgramTypes(dynamic);
        functions.values().forEach(function -> types.addFunction(function.name(), function.address(), function.size()));
        return types;
    }

    public RuntimeLayout runtimeLayout() {
        DwarfFunctions.GoroutineOffsets offsets = dwarf.goroutineOffsets();
        return new RuntimeLayout(offsets.goid(), offsets.stackHi(), entryOf("runtime.sigtrampgo"), entryOf("runtime.gopanic"),
                entryOf("runtime.Goexit"));
    }

    /** Where a function of the runtime can be probed. */
    private Optional<ProbeSite> entryOf(String name) {
        ElfFile.Function function = functions.get(name);
        try {
            return function == null ? Optional.empty() : Optional.of(sites(function).entry());
        } catch (ProbeSites.Unprobeable e) {
            return Optional.empty();
        }
    }

    /**
     * Finds out all that is needed to trace a function.
     *
     * @param name the linker's symbol name
     * @throws BadInput if there is no such function, or it cannot be probed
     */
    public TracedFunction function(String name) {
        ElfFile.Function symbol = functions.get(name);
        if (symbol == null) {
            throw new BadInput("No function " + name + " in " + path() + "; the nearest are " + String.join(", ", nearest(name)));
        }
        AbiInternal.Assignment signature = dwarf.signature(symbol.address()).orElseThrow(() -> new BadInput("Function " + name + " in "
                + path() + " is not in the debugging information, so its parameters are unknown; choose a function written in Go"));
        ProbeSites sites = sites(symbol);
        try {
            return new TracedFunction(name, signature.arguments(), signature.results(), sites.entry(), sites.returns());
        } catch (ProbeSites.Unprobeable e) {
            throw new BadInput("Function " + name + " in " + path() + " cannot be traced: " + e.getMessage(), e);
        }
    }

    private ProbeSites sites(ElfFile.Function function) {
        return new ProbeSites(disassembler.decode(elf.read(function.address(), (int) function.size()), function.address()),
                morestack::contains, emulation, elf::fileOffset);
    }

    /** The functions whose names are most like a name, the nearest first. */
    public List<String> nearest(String name) {
        List<String> names = new ArrayList<>(functions.keySet());
        names.sort(Comparator.<String>comparingInt(each -> EditDistance.between(name, each)).thenComparing(each -> each));
        return names.subList(0, Math.min(NEAREST_NAMES, names.size()));
    }

    @Override
    public void close() {
        disassembler.close();
        debugInfo.close();
        elf.close();
    }
}
