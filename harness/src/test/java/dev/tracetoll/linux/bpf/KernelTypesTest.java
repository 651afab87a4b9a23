package dev.tracetoll.linux.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelTypesTest {

    @Test
    void typeInformationIsLookedInto(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("vmlinux");
        assertThat(KernelTypes.feature(file).detail()).isEqualTo(file + " is missing");
        Files.createFile(file);
        assertThat(KernelTypes.feature(file)).satisfies(btf -> {
            assertThat(btf.available()).isFalse();
            assertThat(btf.detail()).isEqualTo(file + " is empty");
            assertThat(btf.remedy()).contains("CONFIG_DEBUG_INFO_BTF");
        });
        Files.writeString(file, "something else");
        assertThat(KernelTypes.feature(file).detail()).isEqualTo(file + " is no type information");
        Files.write(file, new byte[] {(byte) 0x9f, (byte) 0xeb, 1, 0});
        assertThat(KernelTypes.feature(file).available()).isTrue();
    }
}
