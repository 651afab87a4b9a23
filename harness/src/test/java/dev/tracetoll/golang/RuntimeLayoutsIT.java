package dev.tracetoll.golang;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.linux.kernel.KernelVersion;
import dev.tracetoll.testing.OneAtATime;
import dev.tracetoll.tracing.uprobe.Emulation;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of layouts says what programs with debugging information say of themselves. */
@OneAtATime
class RuntimeLayoutsIT {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @MethodSource("dev.tracetoll.golang.GoRelease#tested")
    void saysWhatDwarfSays(GoRelease go) {
        try (GoBinary binary = GoBinary.open(go.build(directory, "shapes"), new Emulation(new KernelVersion(6, 18)))) {
            assertThat(binary.hasDebugInfo()).isTrue();
            RuntimeLayout fromDwarf = binary.runtimeLayout();
            GoroutineOffsets fromTable = RuntimeLayouts.of(binary.version()).orElseThrow();
            assertThat(fromTable.goid()).isEqualTo(fromDwarf.goidOffset());
            assertThat(fromTable.stackHi()).isEqualTo(fromDwarf.stackHiOffset());
        }
    }

    @Test
    void knowsNothingOfVersionsToCome() {
        assertThat(RuntimeLayouts.of(new GoVersion("go1.27", 1, 27))).isEmpty();
        assertThat(RuntimeLayouts.of(new GoVersion("go2.0", 2, 0))).isEmpty();
        assertThat(RuntimeLayouts.of(new GoVersion("go1.18", 1, 18))).isEmpty();
    }
}
