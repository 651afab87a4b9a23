package dev.tracetoll.golang;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.burst.GoToolchains;
import dev.tracetoll.linux.elf.ElfFile;
import dev.tracetoll.linux.kernel.KernelVersion;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.tracing.uprobe.Emulation;
import dev.tracetoll.x86.Decoder;
import dev.tracetoll.x86.Instruction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What must hold of every probe site of every function of real programs; checked on the disassembly as text, unlike they are chosen. */
@BesideOthers
class ProbeSitesIT {

    private static final Emulation EMULATION = new Emulation(new KernelVersion(6, 18));
    /** Comparing, branching, doing nothing, writing the registers that the ABI leaves free at the entry, and loading g where it is not yet. */
    private static final Pattern HARMLESS =
            Pattern.compile("(cmp|test|nop|j[a-z]+) .*|nop|(mov|lea|sub|xor) r1[23]d?, .*|mov r14, qword ptr fs:.*");

    private static final Pattern JUMP = Pattern.compile("j[a-z]+ 0x([0-9a-f]+)");
    private static final Pattern CALL = Pattern.compile("call 0x([0-9a-f]+)");
    private static final Pattern RETURN = Pattern.compile("(repz? |bnd )?ret( .*)?");
    private static final Pattern EPILOGUE =
            Pattern.compile("pop rbp|mov rbp, qword ptr \\[rsp.*\\]|add rsp, (-?(?:0x)?[0-9a-f]+)");
    /** What is between the call that grows the stack and the jump back: the arguments are loaded again. */
    private static final Pattern RELOAD = Pattern.compile("(mov|movzx|movs[sd]|movups) .*\\[rsp.*|nop.*");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"calls", "leaf", "recursive", "goroutines"})
    void holdForTheTargets(String target) {
        for (GoToolchains go : GoToolchains.values()) {
            assertThat(check(go.program(target).path())).isGreaterThan(1000);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.tracetoll.golang.GoRelease#tested")
    void holdForGofmt(GoRelease go) {
        assertThat(check(go.build(directory, "cmd/gofmt"))).isGreaterThan(2000);
    }

    @ParameterizedTest
    @MethodSource("dev.tracetoll.golang.GoRelease#tested")
    void holdForUnoptimisedPrograms(GoRelease go) {
        assertThat(check(go.build(directory, "shapes", "-gcflags=all=-N -l"))).isGreaterThan(2000);
    }

    @ParameterizedTest
    @MethodSource("dev.tracetoll.golang.GoRelease#tested")
    void holdForProgramsWithC(GoRelease go) {
        assertThat(check(go.build(Map.of("CGO_ENABLED", "1", "CC", "clang"), directory, "callback")))
                .isGreaterThan(1000);
    }

    /** Checks all functions that can be traced and says how many there are. */
    private static int check(Path program) {
        List<String> violations = new ArrayList<>();
        int checked = 0;
        try (ElfFile elf = ElfFile.open(program);
                GoBinary binary = GoBinary.open(program, EMULATION);
                Decoder decoder = new Decoder()) {
            Map<String, ElfFile.Function> symbols = elf.functions().stream()
                    .collect(Collectors.toMap(ElfFile.Function::name, symbol -> symbol, (a, b) -> a));
            Set<Long> morestack = symbols.values().stream()
                    .filter(symbol -> symbol.name().startsWith("runtime.morestack"))
                    .map(ElfFile.Function::address)
                    .collect(Collectors.toSet());
            for (Candidate candidate : binary.matching(name -> true)) {
                if (candidate instanceof Candidate.Traceable traceable) {
                    ElfFile.Function symbol = symbols.get(candidate.name());
                    List<Instruction> code =
                            decoder.decode(elf.read(symbol.address(), (int) symbol.size()), symbol.address());
                    check(traceable.function(), code, morestack, violations);
                    checked++;
                }
            }
        }
        assertThat(violations).as("violations in %s", program).isEmpty();
        return checked;
    }

    private static void check(
            TracedFunction function, List<Instruction> code, Set<Long> morestack, List<String> violations) {
        TreeMap<Long, Integer> starts = new TreeMap<>();
        for (int i = 0; i < code.size(); i++) {
            starts.put(code.get(i).address(), i);
        }
        long entry = function.entry().address();
        if (!starts.containsKey(entry)) {
            violations.add(function.name() + ": its entry site is no instruction");
            return;
        }
        for (Instruction before : code.subList(0, starts.get(entry))) {
            if (!HARMLESS.matcher(before.text()).matches()) {
                violations.add(function.name() + ": before its entry site is " + before);
            }
        }
        for (int i = 0; i < code.size(); i++) {
            OptionalLong to = target(JUMP, code.get(i));
            if (to.isPresent()
                    && to.getAsLong() >= code.get(0).address()
                    && to.getAsLong() <= entry
                    && !(to.getAsLong() == code.get(0).address()
                            && entry != to.getAsLong()
                            && behindGrowth(code, i, morestack))) {
                violations.add(function.name() + ": to its entry site or before it goes " + code.get(i));
            }
        }
        List<Integer> returns = IntStream.range(0, code.size())
                .filter(i -> RETURN.matcher(code.get(i).text()).matches())
                .boxed()
                .toList();
        if (returns.size() != function.returns().size()) {
            violations.add(function.name() + ": it has not one return site for each return instruction");
            return;
        }
        Set<Long> targets = code.stream()
                .flatMapToLong(each -> target(JUMP, each).stream())
                .boxed()
                .collect(Collectors.toSet());
        for (int i = 0; i < returns.size(); i++) {
            checkReturn(function, function.returns().get(i), code, returns.get(i), targets, violations);
        }
    }

    /** From a return site that is not the return instruction there is one way to it, which does nothing but take down the frame. */
    private static void checkReturn(
            TracedFunction function,
            ProbeSite site,
            List<Instruction> code,
            int ret,
            Set<Long> targets,
            List<String> violations) {
        int frameBytes = 0;
        int i = ret;
        while (i >= 0 && code.get(i).address() > site.address()) {
            Matcher epilogue = EPILOGUE.matcher(code.get(i).text());
            if (i < ret && !epilogue.matches() || targets.contains(code.get(i).address())) {
                violations.add(function.name() + ": behind its return site "
                        + site.instruction().text() + " is " + code.get(i));
                return;
            }
            if (i < ret) {
                frameBytes += epilogue.group(1) != null
                        ? Integer.decode(epilogue.group(1))
                        : code.get(i).text().startsWith("pop") ? 8 : 0;
            }
            i--;
        }
        if (i < 0 || code.get(i).address() != site.address() || frameBytes != site.frameBytes()) {
            violations.add(function.name() + ": its return site is " + site + ", the frame's size there " + frameBytes);
        }
    }

    private static boolean behindGrowth(List<Instruction> code, int jump, Set<Long> morestack) {
        int i = jump - 1;
        while (i >= 0 && RELOAD.matcher(code.get(i).text()).matches()) {
            i--;
        }
        OptionalLong called = i < 0 ? OptionalLong.empty() : target(CALL, code.get(i));
        return called.isPresent() && morestack.contains(called.getAsLong());
    }

    private static OptionalLong target(Pattern pattern, Instruction instruction) {
        Matcher matcher = pattern.matcher(instruction.text());
        return matcher.matches() ? OptionalLong.of(Long.parseUnsignedLong(matcher.group(1), 16)) : OptionalLong.empty();
    }
}
