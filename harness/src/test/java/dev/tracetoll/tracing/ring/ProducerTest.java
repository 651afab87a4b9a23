package dev.tracetoll.tracing.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The producers' side as the C compiler makes it of {@code bpf/ring.h}; what is compiled for a shape has its test beside its compiler. */
class ProducerTest {

    private static final String PROGRAM = """
            #include <linux/types.h>
            #include <stdio.h>
            typedef __u64 u64;
            typedef __s64 s64;
            typedef __u32 u32;
            typedef __u8 u8;
            #include "ring.h"

            #define BYTES 4096

            static struct {
                struct tt_ring_head head;
                u8 records[BYTES + TT_RING_SPARE];
            } ring;

            /* Where a record got its room, from the first one on; -1: nowhere. */
            static void reserve(u64 produced, u64 consumed, u32 length)
            {
                u8 *record;

                ring.head.produced = produced;
                ring.head.consumed = consumed;
                record = ring_reserve(&ring.head, length, BYTES);
                printf("%ld %llu\\n", record ? (long)(record - ring.records) : -1L, (unsigned long long)(ring.head.produced - produced));
            }

            int main(void)
            {
                reserve(0, 0, 16);
                reserve(BYTES - 24, 0, 16);
                reserve(BYTES - 16, 0, 16);
                reserve(5 * BYTES + 40, 4 * BYTES + 64, 9);
                reserve(5 * BYTES + 40, 4 * BYTES + 56, 9);
                /* Read, as one who was overtaken reads them: more is consumed than it knows to be produced. */
                reserve(48, 96, 16);
                return 0;
            }
            """;

    @Test
    void thereIsRoomUnlessTheRingIsFull(@TempDir Path directory) throws IOException, InterruptedException {
        Path source = Files.writeString(directory.resolve("producer.c"), PROGRAM);
        Path program = directory.resolve("producer");
        assertThat(output(
                        "clang",
                        "-Wall",
                        "-Werror",
                        "-Wno-unused-function",
                        "-I",
                        Path.of(System.getProperty("tracetoll.home"), "bpf").toString(),
                        "-o",
                        program.toString(),
                        source.toString()))
                .isEmpty();

        assertThat(output(program.toString()).lines())
                .containsExactly("8 24", "4080 24", "-1 0", "48 24", "-1 0", "56 24");
    }

    private static String output(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
