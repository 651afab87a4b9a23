package dev.tracetoll.golang;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.linux.elf.ElfFile;
import dev.tracetoll.testing.ElfImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GoVersionTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "go1.19",
                "go1.26.8",
                "devel go1.27-0c3f7a8 Thu Nov 12",
                "go1.22.3 X:nocoverageredesign",
                "go1.21.0 (Vendor 1.21.0-2)"
            })
    void parsesWhatToolchainsSay(String text) {
        assertThat(GoVersion.parse(text)).map(GoVersion::text).hasValue(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "go",
                "go1",
                "rust1.80",
                "go99999999999.1",
                "go1.99999999999999999999",
                "go1.20\n",
                "go1.20\u001b[31m"
            })
    void takesNothingElseForAVersion(String text) {
        assertThat(GoVersion.parse(text)).isEmpty();
    }

    private static byte[] inline(int... length) {
        byte[] bytes = new byte[32 + length.length];
        byte[] magic = "\u00ff Go buildinf:".getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(magic, 0, bytes, 0, magic.length);
        bytes[14] = 8;
        bytes[15] = 2;
        for (int i = 0; i < length.length; i++) {
            bytes[32 + i] = (byte) length[i];
        }
        return bytes;
    }

    @Test
    void findsNoneInDamagedBuildInformation() throws IOException {
        byte[] pointed = inline();
        pointed[15] = 0;
        byte[][] damaged = {
            new byte[0],
            new byte[31],
            inline(),
            inline(0x80),
            inline(0xff, 0xff, 0xff, 0xff, 0xff),
            inline(100),
            inline(0x80, 0x80, 1),
            Arrays.copyOf(inline(0xff, 0xff, 0x03), 100)
        };
        for (byte[] bytes : damaged) {
            try (ElfFile elf =
                    ElfFile.open(new ElfImage().section(".go.buildinfo", bytes).write(directory.resolve("damaged")))) {
                assertThat(BuildInfo.goVersion(elf)).as(Arrays.toString(bytes)).isEmpty();
            }
        }
        byte[] whole = Arrays.copyOf(inline(6), 32 + 7);
        System.arraycopy("go1.23".getBytes(StandardCharsets.US_ASCII), 0, whole, 33, 6);
        try (ElfFile elf =
                ElfFile.open(new ElfImage().section(".go.buildinfo", whole).write(directory.resolve("whole")))) {
            assertThat(BuildInfo.goVersion(elf)).map(GoVersion::minor).hasValue(23);
        }
    }
}
