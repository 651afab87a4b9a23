package dev.tracetoll.golang;

import dev.tracetoll.linux.elf.DebugInfo;
import dev.tracetoll.linux.elf.ElfFile;
import dev.tracetoll.linux.file.ProgramFile;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.Excerpt;
import dev.tracetoll.x86.Decoder;
import dev.tracetoll.x86.Instruction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A Go program's file: which functions there are, and all that is needed to trace them. Not thread-safe.
 *
 * <p>A program with symbols and debugging information says all; one that was stripped still has the runtime's own table of functions.
 */
public final class GoBinary implements AutoCloseable {

    /** Duff's devices: how much they zero or copy is where they are entered. Source: {@code src/runtime/mkduff.go}. */
    private static final Set<String> ENTERED_IN_THE_MIDDLE =
            Set.of("runtime.duffzero", "runtime.duffcopy", "runtime.duffzero.abi0", "runtime.duffcopy.abi0");

    private static final int NEAREST_NAMES = 3;
    /** What the linker calls a function for itself besides, where plugins could have one of its name: {@code src/cmd/link/internal/ld/symtab.go}. */
    private static final String LOCAL_ALIAS = "local.";

    private static final String PLUGIN_OPENER = "plugin.open";
    /** No compiler makes a function as large. */
    private static final int LARGEST_FUNCTION = 16 << 20;
    /** Each byte of code belongs to one function, but may be decoded for several purposes. */
    private static final int MOST_DECODINGS = 4;
    /** Of the largest program in which functions are not decoded for so many purposes that this would matter. */
    private static final int SMALL = 4 << 20;

    private static final int LONGEST_COMPARED = 1 << 10;
    /** {@code go:textfipsstart} and {@code go:textfipsend}: {@code src/cmd/link/internal/ld/fips140.go}. */
    private static final String LINKER_MARK = "go:textfips";
    /** Where the linker puts the descriptions of types: {@code src/cmd/link/internal/ld/data.go}. */
    private static final String TYPES_SYMBOL = "runtime.types";

    private static final String G_SYMBOL = "runtime.tlsg";
    private static final String GOROUTINES = "runtime.allgs";
    private static final String HEAP = "runtime.mheap_";
    private static final String STACK_MOVE = "runtime.copystack";
    private static final String GOROUTINE_END = "runtime.goexit0";
    /** What {@code setsig} installs, without and with cgo. */
    private static final List<String> SIGNAL_TRAMPOLINES = List.of("runtime.sigtramp", "runtime.cgoSigtramp");
    /**
     * {@code var sig struct}, of {@code src/runtime/sigqueue.go} from Go 1.18 to 1.26: after a note of a word and three words of 32 bits for the
     * mask the three with a bit for each signal that is wanted.
     */
    private static final String SIGNAL_STATE = "runtime.sig";

    private static final int LISTENED_OFFSET = Long.BYTES + 3 * Integer.BYTES;
    private static final String SIGNAL_LISTENER = "os/signal.signal_enable";
    /** Of iter.Pull; {@code src/runtime/coro.go}. */
    private static final String COROUTINE_SWITCH = "runtime.coroswitch_m";

    private final ElfFile elf;
    /** The file that has symbols and debugging information, which may be the same. */
    private final ElfFile symbols;

    private final GoVersion version;
    private final SitePreference preference;
    private final List<Function> functions;
    private final boolean hasTable;
    private final Map<String, Function> byName = new LinkedHashMap<>();
    private final Map<Long, Function> byAddress = new HashMap<>();
    private final Set<Long> morestack = new HashSet<>();
    private final Decoder decoder;
    /** How many bytes of code may still be decoded: functions of a damaged file could overlap without end. */
    private long codeLeft;

    private final Optional<DwarfIndex> index;
    private final Optional<DebugInfo> debugInfo;
    private final Optional<DwarfFunctions> dwarf;

    /** A function's place; {@code go} is what the runtime's table says of it. */
    private record Function(String name, long address, long size, Optional<Pclntab.Entry> go) {

        /** Of what the symbol table says and the runtime's table says otherwise: one of the two is damaged, and a probe could be anywhere. */
        Optional<String> contradiction() {
            return go.filter(entry ->
                            entry.size() != size || !shared(entry.name()).equals(shared(name)))
                    .map(entry ->
                            "the symbol table says that its " + size + " bytes are at 0x" + Long.toHexString(address)
                                    + ", and the runtime's table of functions that " + entry.size() + " bytes of "
                                    + Excerpt.of(entry.name())
                                    + " are: the file is damaged");
        }

        /** What both tables have of a name: not the type arguments, and not what tells conventions and packages of one name apart. */
        private static String shared(String name) {
            int first = name.indexOf('[');
            int last = name.lastIndexOf(']');
            String whole = first >= 0 && last > first ? name.substring(0, first) + name.substring(last + 1) : name;
            String without =
                    whole.endsWith(Pclntab.ABI0) ? whole.substring(0, whole.length() - Pclntab.ABI0.length()) : whole;
            return without.startsWith(LOCAL_ALIAS) ? without.substring(LOCAL_ALIAS.length()) : without;
        }
    }

    /** Why arguments are not known, where debugging information is missing. */
    private final String withoutDwarf;

    private GoBinary(ElfFile elf, ElfFile symbols, GoVersion version, SitePreference preference) {
        this.elf = elf;
        this.symbols = symbols;
        this.version = version;
        this.preference = preference;
        List<Pclntab.Entry> table = Pclntab.of(elf).map(Pclntab::functions).orElse(List.of());
        functions = functions(symbols, table);
        hasTable = !table.isEmpty();
        if (functions.isEmpty()) {
            throw new BadInput(elf.path()
                    + " has neither a symbol table nor a table of functions (pclntab) in a form that is known; "
                    + "it was built by " + version + ": build it without -ldflags=-s");
        }
        for (Function function : functions) {
            byName.putIfAbsent(function.name, function);
            if (function.size > 0) {
                byAddress.putIfAbsent(function.address, function);
            }
            if (function.name.startsWith("runtime.morestack")) {
                morestack.add(function.address);
            }
        }
        codeLeft = Math.max(
                SMALL,
                MOST_DECODINGS
                        * elf.segments().stream()
                                .filter(ElfFile.Segment::executable)
                                .mapToLong(ElfFile.Segment::fileSize)
                                .sum());
        Optional<String> unreadable = symbols.unreadableDebugInfo();
        withoutDwarf = unreadable
                .map(why -> "its DWARF cannot be read: " + why + " (build it with -ldflags=-compressdwarf=false)")
                .orElse("no DWARF");
        index = unreadable.isPresent() ? Optional.empty() : DwarfIndex.of(symbols);
        debugInfo = index.map(entries -> symbols.debugInfo(entries::isEntry));
        dwarf = debugInfo.map(info -> new DwarfFunctions(info, index.get(), version));
        try {
            decoder = new Decoder();
        } catch (RuntimeException e) {
            debugInfo.ifPresent(DebugInfo::close);
            throw e;
        }
    }

    /** The functions of the symbol table with what the runtime's table adds; in a stripped file those of the latter alone. */
    private static List<Function> functions(ElfFile elf, List<Pclntab.Entry> table) {
        Map<Long, Pclntab.Entry> entries = new HashMap<>();
        table.forEach(entry -> entries.put(entry.address(), entry));
        List<Function> functions = new ArrayList<>();
        List<ElfFile.Function> known = elf.functions();
        Set<Long> named = new HashSet<>();
        known.stream()
                .filter(symbol -> !symbol.name().startsWith(LOCAL_ALIAS))
                .forEach(symbol -> named.add(symbol.address()));
        for (ElfFile.Function symbol : known) {
            if (symbol.name().startsWith(LOCAL_ALIAS) && named.contains(symbol.address())) {
                continue;
            }
            functions.add(new Function(
                    symbol.name(),
                    symbol.address(),
                    symbol.size(),
                    Optional.ofNullable(entries.get(symbol.address()))));
        }
        if (functions.isEmpty()) {
            table.forEach(entry ->
                    functions.add(new Function(entry.name(), entry.address(), entry.size(), Optional.of(entry))));
        }
        return functions;
    }

    /**
     * Opens a Go program.
     *
     * @param path the program
     * @param preference decides between the candidate sites of its functions
     * @throws BadInput if there is no such file, or it is no Go program for Linux on x86-64 that is new enough
     */
    public static GoBinary open(Path path, SitePreference preference) {
        return open(path, ProgramFile.name(path), preference);
    }

    /**
     * Opens a Go program.
     *
     * @param file where it is read
     * @param path what people call it
     * @param preference decides between the candidate sites of its functions
     * @throws BadInput if there is no such file, or it is no Go program for Linux on x86-64 that is new enough
     */
    public static GoBinary open(Path file, String path, SitePreference preference) {
        return open(file, path, Optional.empty(), preference);
    }

    /**
     * Opens a Go program.
     *
     * @param file where it is read
     * @param path what people call it
     * @param debugFile the file with its debugging information, if that is known; otherwise it is looked for if the program has none
     * @param preference decides between the candidate sites of its functions
     * @throws BadInput if there is no such file, or it is no Go program for Linux on x86-64 that is new enough
     */
    public static GoBinary open(Path file, String path, Optional<Path> debugFile, SitePreference preference) {
        ElfFile elf = ElfFile.open(file, path);
        ElfFile symbols = elf;
        try {
            GoVersion version = BuildInfo.goVersion(elf)
                    .orElseThrow(() -> new BadInput(
                            path + " was not built by Go (it has no Go build information); give a Go program"));
            if (!version.atLeast(GoVersion.OLDEST)) {
                throw new BadInput(
                        path + " was built by " + version + "; build it with " + GoVersion.OLDEST + " or later");
            }
            symbols = debugFile
                    .map(named -> SeparateDebugInfo.named(elf, named))
                    .or(() -> SeparateDebugInfo.isIn(elf) ? Optional.empty() : SeparateDebugInfo.find(elf))
                    .orElse(elf);
            return new GoBinary(elf, symbols, version, preference);
        } catch (RuntimeException e) {
            if (symbols != elf) {
                symbols.close();
            }
            elf.close();
            throw e;
        }
    }

    /** What people call the program's file. */
    public String path() {
        return elf.path();
    }

    /** The Go that built the program. */
    public GoVersion version() {
        return version;
    }

    /** Whether the program says what the parameters of its functions are. */
    public boolean hasDebugInfo() {
        return dwarf.isPresent();
    }

    /** The names of all functions, as the linker has them. */
    public Set<String> functionNames() {
        return Set.copyOf(byName.keySet());
    }

    /**
     * What the program's values can refer to; without debugging information functions alone. The types are read when they are asked for,
     * while this binary is open.
     */
    public ProgramTypes types() {
        long base = symbols.symbol(TYPES_SYMBOL).or(this::moduleTypes).orElse(0L);
        Map<Long, TypeRef> dynamic = new HashMap<>();
        // The linker gives most as offsets from runtime.types, some as addresses.
        dwarf.map(DwarfFunctions::runtimeTypes)
                .orElse(Map.of())
                .forEach((type, reference) ->
                        dynamic.put(Long.compareUnsigned(type, base) < 0 ? base + type : type, reference));
        ProgramTypes types = new ProgramTypes(dynamic);
        functions.forEach(function -> types.addFunction(function.name, function.address, function.size));
        return types;
    }

    /** What {@link #TYPES_SYMBOL} stands for, in a program that has debugging information but no symbols. */
    private Optional<Long> moduleTypes() {
        return dwarf.flatMap(DwarfFunctions::moduleTypesOffset)
                .flatMap(
                        offset -> Pclntab.of(elf).flatMap(Pclntab::module).map(module -> elf.pointer(module + offset)));
    }

    /**
     * Where the program's runtime keeps what a tracer reads.
     *
     * @throws BadInput if neither the program says so, nor is its version of Go known
     */
    public RuntimeLayout runtimeLayout() {
        GoroutineOffsets offsets = dwarf.flatMap(DwarfFunctions::goroutineOffsets)
                .or(() -> RuntimeLayouts.of(version))
                .orElseThrow(
                        () -> new BadInput(
                                path() + " was built by " + version + ", newer than " + RuntimeLayouts.NEWEST_KNOWN
                                        + ", and has no debugging information that describes runtime.g; build it without -ldflags=-w or -s"));
        return new RuntimeLayout(
                offsets.goid(),
                offsets.stackHi(),
                threadGOffset(),
                signalHandling(),
                entryOf("runtime.gopanic"),
                entryOf("runtime.Goexit"),
                internals(),
                goroutineChanges());
    }

    private Optional<RuntimeInternals> internals() {
        OptionalLong goroutines = address(GOROUTINES);
        OptionalLong heap = address(HEAP);
        return goroutines.isEmpty() || heap.isEmpty()
                ? Optional.empty()
                : dwarf.flatMap(known -> known.internals(goroutines.getAsLong(), heap.getAsLong()));
    }

    private OptionalLong address(String symbol) {
        return symbols.symbol(symbol).map(OptionalLong::of).orElse(OptionalLong.empty());
    }

    private Optional<SignalHandling> signalHandling() {
        List<Long> installed = SIGNAL_TRAMPOLINES.stream()
                .flatMap(name -> Stream.of(name + Pclntab.ABI0, name))
                .map(byName::get)
                .filter(Objects::nonNull)
                .map(Function::address)
                .distinct()
                .toList();
        OptionalLong listened = symbols.symbol(SIGNAL_STATE)
                .map(state -> OptionalLong.of(state + LISTENED_OFFSET))
                .orElse(byName.containsKey(SIGNAL_LISTENER) ? OptionalLong.empty() : OptionalLong.of(0));
        return installed.isEmpty() || installed.size() > SIGNAL_TRAMPOLINES.size() || listened.isEmpty()
                ? Optional.empty()
                : entryOf("runtime.sigtrampgo")
                        .map(handler -> new SignalHandling(handler, installed, listened.getAsLong()));
    }

    /**
     * Empty where a change could pass unseen: where one of the functions is inlined, as a profile can make the compiler do, or debugging
     * information, which alone says so, is missing; and where there are coroutines, which end in a function that all their switches go through.
     */
    private Optional<GoroutineChanges> goroutineChanges() {
        boolean seen = hasDebugInfo()
                && !byName.containsKey(COROUTINE_SWITCH)
                && Stream.of(STACK_MOVE, GOROUTINE_END)
                        .allMatch(name -> inlined(name).into().isEmpty());
        return !seen
                ? Optional.empty()
                : entryOf(STACK_MOVE)
                        .flatMap(move -> entryOf(GOROUTINE_END).map(end -> new GoroutineChanges(move, end)));
    }

    /**
     * Go's linker gives the thread-local {@code g} the word below the base of FS ({@code Tlsoffset} in {@code src/cmd/link/internal/ld/sym.go}).
     * Where C's linker puts it the file says, by a symbol, or because there is no other thread-local variable.
     */
    private OptionalInt threadGOffset() {
        OptionalInt known = symbols.threadLocal(G_SYMBOL);
        return known.isPresent()
                ? known
                : elf.threadLocalBytes() <= Long.BYTES ? OptionalInt.of(-Long.BYTES) : OptionalInt.empty();
    }

    /** Where a function of the runtime can be probed. */
    private Optional<ProbeSite> entryOf(String name) {
        Function function = byName.get(name);
        try {
            return function == null
                    ? Optional.empty()
                    : Optional.of(sites(function).entry(SiteChoice.BEST));
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
        return function(name, SiteChoice.BEST);
    }

    /**
     * Finds out all that is needed to trace a function at other sites than the best.
     *
     * @param name the linker's symbol name
     * @throws BadInput if there is no such function, or it cannot be probed
     */
    public TracedFunction function(String name, SiteChoice choice) {
        Function function = byName.get(name);
        if (function == null) {
            throw new BadInput("No function " + name + " in " + path()
                    + onlyInlined(name)
                            .map(why -> " has code of its own: " + why + "; build it with -gcflags=-l to trace it")
                            .orElseGet(() -> "; the nearest are " + String.join(", ", nearest(name))));
        }
        try {
            return traced(function, choice);
        } catch (ProbeSites.Unprobeable e) {
            throw new BadInput(
                    "Function " + name + " in " + path() + " cannot be traced: " + e.getMessage()
                            + "; choose another function",
                    e);
        }
    }

    /**
     * All functions whose names are asked for, in the order of the file, then those that exist only inlined, by name.
     *
     * @param names whether a name is asked for
     */
    public List<Candidate> matching(Predicate<String> names) {
        List<Candidate> candidates = new ArrayList<>();
        for (Function function : functions) {
            if (names.test(function.name)) {
                candidates.add(candidate(function));
            }
        }
        index.ifPresent(known -> known.inlinedNames().forEach(name -> {
            if (!byName.containsKey(name) && names.test(name)) {
                candidates.add(new Candidate.Untraceable(name, onlyInlined(name).orElseThrow()));
            }
        }));
        return candidates;
    }

    private Candidate candidate(Function function) {
        try {
            return new Candidate.Traceable(traced(function, SiteChoice.BEST));
        } catch (ProbeSites.Unprobeable e) {
            return new Candidate.Untraceable(function.name, e.why());
        } catch (BadInput e) {
            return new Candidate.Untraceable(function.name, e.getMessage());
        }
    }

    /** Whether the program may load plugins, which are other files with functions of their own. */
    public boolean loadsPlugins() {
        return byName.containsKey(PLUGIN_OPENER);
    }

    /** Where a function was inlined; never, as far as a program without debugging information can say. */
    public Inlining inlined(String name) {
        return new Inlining(
                name, index.map(known -> known.inlined(name)).map(TreeMap::new).orElseGet(TreeMap::new));
    }

    private Optional<String> onlyInlined(String name) {
        Inlining inlining = inlined(name);
        if (inlining.into().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of("it exists only inlined, " + inlining.where());
    }

    @SuppressWarnings("ReferenceEquality") // There is one object for each function.
    private TracedFunction traced(Function function, SiteChoice choice) throws ProbeSites.Unprobeable {
        if (function.size == 0) {
            throw new ProbeSites.Unprobeable("it has no code");
        }
        if (function.name.startsWith(LINKER_MARK)) {
            throw new ProbeSites.Unprobeable("it is no function: the linker marks a part of the code with it");
        }
        requireTrue(function);
        Function probed = byAddress.get(function.address);
        if (probed != null && probed != function) {
            throw new ProbeSites.Unprobeable(
                    "it is the same code as " + probed.name + ", which is traced under that name");
        }
        if (function.go.isEmpty() && hasTable) {
            throw new ProbeSites.Unprobeable(
                    "it is not Go's: where its arguments are is another calling convention's matter");
        }
        if (ENTERED_IN_THE_MIDDLE.contains(function.name)) {
            throw new ProbeSites.Unprobeable(
                    "it is entered anywhere in its middle, so most of its calls do not pass its beginning");
        }
        ProbeSites sites = sites(function);
        Signed signed = signed(function);
        return new TracedFunction(
                function.name,
                signed.assignment.arguments(),
                signed.assignment.results(),
                sites.entry(choice),
                sites.returns(choice),
                false,
                signed.signature,
                anyR14(function),
                sites.tailCalls());
    }

    /** Source: "Register-based calling convention" of Go's {@code src/cmd/compile/abi-internal.md}: ABI0 has no register for the goroutine. */
    private static boolean anyR14(Function function) {
        return function.name.endsWith(Pclntab.ABI0)
                || function.go.map(Pclntab.Entry::assembly).orElse(true);
    }

    private record Signed(Signature signature, AbiInternal.Assignment assignment) {}

    private Signed signed(Function function) {
        if (function.name.endsWith(Pclntab.ABI0)) {
            OptionalInt bytes = function.go.map(Pclntab.Entry::argumentBytes).orElse(OptionalInt.empty());
            String why = bytes.isPresent()
                    ? "its arguments and results are on the stack, what they are is not recorded"
                    : "its arguments and results are on the stack, how many is not recorded";
            return new Signed(new Signature(Signature.Kind.STACK, why), RawArguments.stack(bytes.orElse(0)));
        }
        if (function.go.map(Pclntab.Entry::assembly).orElse(false)) {
            return registers("written in assembly: what its arguments are is not recorded");
        }
        if (dwarf.isEmpty()) {
            return registers(withoutDwarf);
        }
        return dwarf.get()
                .signature(
                        function.address,
                        function.go.map(Pclntab.Entry::argumentBytes).orElse(OptionalInt.empty()))
                .map(known ->
                        new Signed(known.gaps() ? Signature.OF_DECLARATION_WITH_GAPS : Signature.OF_DECLARATION, known))
                .orElseGet(() -> registers("not in the debugging information"));
    }

    private static Signed registers(String why) {
        return new Signed(new Signature(Signature.Kind.REGISTERS, why), RawArguments.registers());
    }

    private static void requireTrue(Function function) throws ProbeSites.Unprobeable {
        if (function.size < 0 || function.size > LARGEST_FUNCTION) {
            throw new ProbeSites.Unprobeable(
                    "the file says that it has " + Long.toUnsignedString(function.size) + " bytes of code");
        }
        Optional<String> contradiction = function.contradiction();
        if (contradiction.isPresent()) {
            throw new ProbeSites.Unprobeable(contradiction.get());
        }
    }

    private ProbeSites sites(Function function) throws ProbeSites.Unprobeable {
        requireTrue(function);
        if (elf.fileOffset(function.address).isEmpty()) {
            throw new ProbeSites.Unprobeable("its code is not in the file");
        }
        codeLeft -= function.size;
        if (codeLeft < 0) {
            throw new ProbeSites.Unprobeable("the functions of this damaged file overlap");
        }
        List<Instruction> code = decoder.decode(elf.read(function.address, (int) function.size), function.address);
        if (code.size() >= Decoder.MOST_INSTRUCTIONS) {
            throw new ProbeSites.Unprobeable("it has more than " + Decoder.MOST_INSTRUCTIONS + " instructions");
        }
        long decoded =
                code.isEmpty() ? function.address : code.get(code.size() - 1).next();
        if (decoded != function.address + function.size) {
            throw new ProbeSites.Unprobeable("libcapstone does not know its instruction at 0x"
                    + Long.toHexString(decoded) + ", so that ways out could be missed");
        }
        return new ProbeSites(code, morestack::contains, preference, elf::fileOffset);
    }

    /** The functions whose names are most like a name, the nearest first. */
    public List<String> nearest(String name) {
        String wanted = beginning(name);
        Map<String, Integer> distances = new HashMap<>();
        byName.keySet().forEach(each -> distances.put(each, EditDistance.between(wanted, beginning(each))));
        List<String> names = new ArrayList<>(byName.keySet());
        names.sort(Comparator.<String>comparingInt(distances::get).thenComparing(each -> each));
        return names.subList(0, Math.min(NEAREST_NAMES, names.size())).stream()
                .map(Excerpt::of)
                .toList();
    }

    private static String beginning(String name) {
        return name.substring(0, Math.min(LONGEST_COMPARED, name.length()));
    }

    @Override
    public void close() {
        decoder.close();
        debugInfo.ifPresent(DebugInfo::close);
        if (symbols != elf) {
            symbols.close();
        }
        elf.close();
    }
}
