package dev.tracetoll.linux.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.problem.BadInput;
import dev.tracetoll.testing.ElfImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that claim what cannot be are refused in one line that says what is wrong; work and memory are in proportion to a file's size. */
class ElfFileTest {

    private static final int MANY = 20_000;

    @TempDir
    private Path directory;

    private void refused(ElfImage image, Consumer<ElfFile> use, String... words) throws IOException {
        Path file = image.write(directory.resolve("damaged"));
        assertThatThrownBy(() -> {
                    try (ElfFile elf = ElfFile.open(file)) {
                        use.accept(elf);
                    }
                })
                .isInstanceOf(BadInput.class)
                .hasMessageContaining(file.toString())
                .hasMessageContainingAll(words)
                .hasMessageMatching("[^\n]{1,600}")
                .hasMessageNotContaining("no error");
    }

    private static byte[] repeated(String text, int times) {
        return text.repeat(times).getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] deflated(byte[] bytes) {
        Deflater deflater = new Deflater();
        deflater.setInput(bytes);
        deflater.finish();
        byte[] out = new byte[bytes.length + 100];
        byte[] whole = Arrays.copyOf(out, deflater.deflate(out));
        deflater.end();
        return whole;
    }

    @Test
    void readsWhatItHas() throws IOException {
        byte[] text = repeated("0123456789", 1000);
        Path file = new ElfImage()
                .section(".text", text)
                .compressed(".debug_line", text.length, deflated(text))
                .section(".strtab", "\0main.f\0v\0".getBytes(StandardCharsets.US_ASCII))
                .section(
                        ".symtab",
                        concatenated(
                                ElfImage.symbol(1, ElfImage.STT_FUNC, 0x1000, 10),
                                ElfImage.symbol(8, ElfImage.STT_TLS, 8, 8)))
                .segment(ElfImage.PT_LOAD, 0, 0x1000, 100, 100, 4096)
                .segment(ElfImage.PT_TLS, 0, 0, 0, 12, 8)
                .write(directory.resolve("whole"));
        try (ElfFile elf = ElfFile.open(file)) {
            assertThat(elf.contents(elf.section(".text").orElseThrow())).isEqualTo(text);
            assertThat(elf.contents(elf.section(".debug_line").orElseThrow())).isEqualTo(text);
            assertThat(elf.functions()).containsExactly(new ElfFile.Function("main.f", 0x1000, 10));
            assertThat(elf.threadLocal("v")).hasValue(8 - 16);
            assertThat(elf.fileOffset(0x1010)).hasValue(0x10L);
            assertThat(elf.fileOffset(0x1064)).isEmpty();
        }
    }

    private static byte[] concatenated(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    @Test
    void refusesASectionThatWouldFillTheMemory() throws IOException {
        byte[] little = deflated(new byte[1 << 20]);
        for (long claimed : new long[] {1L << 31, 1L << 30, (64L << 20) + 1, -1, Long.MIN_VALUE}) {
            refused(
                    new ElfImage().compressed(".debug_info", claimed, little),
                    elf -> elf.contents(elf.section(".debug_info").orElseThrow()),
                    "claim");
        }
        refused(
                new ElfImage().compressed(".debug_info", 1 << 20, little, 1000),
                elf -> elf.contents(elf.section(".debug_info").orElseThrow()),
                "claim");
        refused(
                new ElfImage().compressed(".debug_info", 100, "no zlib".getBytes(StandardCharsets.US_ASCII)),
                elf -> elf.contents(elf.section(".debug_info").orElseThrow()),
                "damaged",
                ".debug_info");
        refused(
                new ElfImage().compressed(".debug_info", (1 << 20) + 1, little),
                elf -> elf.contents(elf.section(".debug_info").orElseThrow()),
                "too early");
    }

    @Test
    void refusesMoreSectionsAndSegmentsThanLinkersMake() throws IOException {
        refused(new ElfImage().sections(".data", 0, new byte[8], MANY), elf -> {}, "more than 4096 sections");
        ElfImage headers = new ElfImage().section(".data", new byte[8]);
        for (int i = 0; i < 1000; i++) {
            headers.segment(ElfImage.PT_LOAD, 0, i * 4096L, 0, 0, 4096);
        }
        refused(headers, elf -> {}, "1000 program headers");
        ElfImage overlapping = new ElfImage().section(".data", new byte[1 << 16]);
        for (int i = 0; i < 100; i++) {
            overlapping.segment(ElfImage.PT_LOAD, 0, (long) i << 20, 1 << 16, 1 << 16, 4096);
        }
        refused(overlapping, elf -> {}, "segments overlap");
    }

    @Test
    void refusesNamesWithoutAnEnd() throws IOException {
        refused(new ElfImage().section("a".repeat(10 << 20), new byte[8]), elf -> {}, "name of a section does not end");
        byte[] one = ElfImage.symbol(0, ElfImage.STT_FUNC, 0x1000, 10);
        refused(
                new ElfImage().section(".symtab", one).section(".strtab", repeated("a", 10 << 20)),
                ElfFile::functions,
                "name of a symbol");
        refused(
                new ElfImage()
                        .section(".symtab", ElfImage.symbol(-1, ElfImage.STT_FUNC, 0x1000, 10))
                        .section(".strtab", new byte[8]),
                ElfFile::functions,
                "outside of the string table");
        ByteBuffer symbols = ElfImage.buffer(24 * MANY);
        for (int i = 0; i < MANY; i++) {
            symbols.put(one);
        }
        byte[] name = new byte[50_000];
        Arrays.fill(name, 0, name.length - 1, (byte) 'a');
        refused(
                new ElfImage().section(".symtab", symbols.array()).section(".strtab", name),
                ElfFile::functions,
                "share their names");
    }

    @Test
    void refusesThreadLocalVariablesThatCannotBe() throws IOException {
        byte[] symbols = ElfImage.symbol(1, ElfImage.STT_TLS, 1L << 40, 8);
        for (long[] sizeAndAlign : new long[][] {{Long.MAX_VALUE, 8}, {-1, 8}, {8, Long.MAX_VALUE}, {8, 3}}) {
            refused(
                    new ElfImage()
                            .section(".symtab", symbols)
                            .section(".strtab", "\0v\0".getBytes(StandardCharsets.US_ASCII))
                            .segment(ElfImage.PT_TLS, 0, 0, 0, sizeAndAlign[0], sizeAndAlign[1]),
                    elf -> elf.threadLocal("v"),
                    "thread-local variables");
        }
        for (long align : new long[] {0, Long.MIN_VALUE}) {
            refused(
                    new ElfImage()
                            .section(".symtab", symbols)
                            .section(".strtab", "\0v\0".getBytes(StandardCharsets.US_ASCII))
                            .segment(ElfImage.PT_TLS, 0, 0, 0, 8, align),
                    elf -> elf.threadLocal("v"),
                    "variable v is outside");
        }
    }

    @Test
    void refusesWhatIsBehindTheEndOfTheFile() throws IOException {
        ElfImage image = new ElfImage()
                .section(".data", new byte[64])
                .segment(ElfImage.PT_LOAD, Long.MAX_VALUE - 10, 0x1000, 100, 100, 4096)
                .segment(ElfImage.PT_LOAD, 0, 0x2000, 1L << 40, 1L << 40, 4096);
        Path file = image.write(directory.resolve("short"));
        try (ElfFile elf = ElfFile.open(file)) {
            assertThat(elf.fileOffset(0x1000)).isEmpty();
            assertThat(elf.fileOffset(0x2000 + Files.size(file) + 1)).isEmpty();
        }
        refused(image, elf -> elf.read(0x2000, Integer.MAX_VALUE), "ends before");
        refused(image, elf -> elf.read(0x2000, -1), "ends before");
        refused(image, elf -> elf.contents(elf.segments().get(0)), "ends before");
    }
}
