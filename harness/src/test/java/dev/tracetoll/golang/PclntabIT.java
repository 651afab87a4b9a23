package dev.tracetoll.golang;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.linux.elf.ElfFile;
import dev.tracetoll.testing.BesideOthers;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The runtime's table of functions says the same as the symbol table. */
@BesideOthers
class PclntabIT {

    /** Symbols that mark where a part of the code begins and ends. */
    private static final String LINKER_MARK = "go:textfips";

    @TempDir
    private Path directory;

    static Stream<Arguments> builds() {
        return GoRelease.tested()
                .flatMap(go -> Stream.of("-trimpath", "-buildmode=pie").map(flag -> Arguments.of(go, flag)));
    }

    /** A function as both tables know it: type arguments are in the symbol table alone, and so is the name of some functions' convention. */
    private record Known(String name, long address, long size) {
        static Known of(String name, long address, long size) {
            int first = name.indexOf('[');
            int last = name.lastIndexOf(']');
            String shared =
                    first >= 0 && last > first ? name.substring(0, first) + "[...]" + name.substring(last + 1) : name;
            return new Known(shared.replaceFirst("\\.abi0$", ""), address, size);
        }
    }

    @ParameterizedTest
    @MethodSource("builds")
    void saysWhatTheSymbolTableSays(GoRelease go, String flag) {
        try (ElfFile elf = ElfFile.open(go.build(directory, "shapes", flag))) {
            Set<Known> table = Pclntab.of(elf).orElseThrow().functions().stream()
                    .filter(entry -> !entry.name().startsWith(LINKER_MARK))
                    .map(entry -> Known.of(entry.name(), entry.address(), entry.size()))
                    .collect(Collectors.toSet());
            Set<Known> symbols = elf.functions().stream()
                    .filter(symbol -> symbol.size() > 0 && !symbol.name().startsWith(LINKER_MARK))
                    .map(symbol -> Known.of(symbol.name(), symbol.address(), symbol.size()))
                    .collect(Collectors.toSet());
            assertThat(table.size()).isGreaterThan(1000);
            assertThat(difference(table, symbols))
                    .as("only in the table of functions")
                    .isEmpty();
            assertThat(difference(symbols, table))
                    .as("only in the symbol table")
                    .isEmpty();
        }
    }

    private static Set<Known> difference(Set<Known> all, Set<Known> without) {
        Set<Known> left = new HashSet<>(all);
        left.removeAll(without);
        return left;
    }

    @ParameterizedTest
    @MethodSource("builds")
    void namesTheCallingConventionAsTheSymbolTableDoes(GoRelease go, String flag) {
        try (ElfFile elf = ElfFile.open(go.build(directory, "shapes", flag))) {
            Set<String> symbols =
                    elf.functions().stream().map(ElfFile.Function::name).collect(Collectors.toSet());
            Set<String> onStack = Pclntab.of(elf).orElseThrow().functions().stream()
                    .map(Pclntab.Entry::name)
                    .filter(name -> name.endsWith(Pclntab.ABI0))
                    .collect(Collectors.toSet());
            assertThat(onStack).isNotEmpty();
            assertThat(symbols).containsAll(onStack);
        }
    }

    @ParameterizedTest
    @MethodSource("builds")
    void knowsWhatIsAssemblyAndItsArguments(GoRelease go, String flag) {
        try (ElfFile elf = ElfFile.open(go.build(directory, "shapes", flag))) {
            Map<String, Pclntab.Entry> table = Pclntab.of(elf).orElseThrow().functions().stream()
                    .collect(Collectors.toMap(Pclntab.Entry::name, entry -> entry, (a, b) -> a));
            Pclntab.Entry sum = table.get(table.containsKey("main.sum") ? "main.sum" : "main.sum.abi0");
            assertThat(sum.assembly()).isTrue();
            assertThat(sum.argumentBytes()).hasValue(3 * Long.BYTES);
            assertThat(table.get("main.run").assembly()).isFalse();
        }
    }
}
