package dev.tracetoll.experiment.tune;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ToolSettingsTest {

    private static String setting(long bytes, String tool) {
        List<ToolSettings.Line> lines = ToolSettings.of(bytes, 2, 64);
        return lines.stream()
                .filter(line -> line.tool().startsWith(tool))
                .findFirst()
                .orElseThrow()
                .setting();
    }

    @Test
    void sizesAreSaidInEachToolsOwnUnit() {
        assertThat(setting(8 << 20, "libbpf")).contains("8388608");
        assertThat(setting(8 << 20, "bpftrace")).startsWith("BPFTRACE_PERF_RB_PAGES=1024 ");
        assertThat(setting(8 << 20, "Tetragon"))
                .startsWith("--rb-size 4194304 ")
                .endsWith("--rb-size-total 8388608");
        assertThat(setting(8 << 20, "Falco")).startsWith("engine.modern_ebpf.buf_size_preset: 4 (8 MiB");
        assertThat(setting(1 << 30, "Falco")).startsWith("engine.modern_ebpf.buf_size_preset: 10 (512 MiB");
        assertThat(setting(4 << 10, "Falco")).startsWith("engine.modern_ebpf.buf_size_preset: 1 (1 MiB");
        assertThat(setting(8 << 20, "OpenTelemetry")).contains(": 32768 records");
    }
}
