package dev.tracetoll.tracing.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java side of the contract with the BPF program is what the C compiler makes of its header. */
class ContractTest {

    /** C expressions and what Java says they are. */
    private static Map<String, Integer> expressions() {
        Map<String, Integer> e = new LinkedHashMap<>();
        e.put("TT_MAX_WORDS", Contract.MAX_WORDS);
        e.put("TT_MAX_TEXTS", Contract.MAX_TEXTS);
        e.put("TT_MAX_TEXT_BYTES", Contract.MAX_TEXT_BYTES);
        e.put("TT_INT_REGISTER", Contract.SOURCE_INT_REGISTER);
        e.put("TT_STACK", Contract.SOURCE_STACK);
        e.put("TT_FLOAT_REGISTER", Contract.SOURCE_FLOAT_REGISTER);
        e.put("sizeof(struct tt_site)", Contract.SITE_BYTES);
        e.put("offsetof(struct tt_site, words)", Contract.SITE_WORDS);
        e.put("offsetof(struct tt_site, texts)", Contract.SITE_TEXTS);
        e.put("offsetof(struct tt_site, floats)", Contract.SITE_FLOATS);
        e.put("offsetof(struct tt_site, is_return)", Contract.SITE_IS_RETURN);
        e.put("offsetof(struct tt_site, instruction_bytes)", Contract.SITE_INSTRUCTION_BYTES);
        e.put("offsetof(struct tt_site, word)", Contract.SITE_WORD);
        e.put("offsetof(struct tt_site, text)", Contract.SITE_TEXT);
        e.put("sizeof(struct tt_word)", Contract.WORD_BYTES);
        e.put("offsetof(struct tt_word, source)", Contract.WORD_SOURCE);
        e.put("offsetof(struct tt_word, index)", Contract.WORD_INDEX);
        e.put("offsetof(struct tt_word, size)", Contract.WORD_SIZE);
        e.put("offsetof(struct tt_word, offset)", Contract.WORD_OFFSET);
        e.put("sizeof(struct tt_text)", Contract.TEXT_BYTES);
        e.put("offsetof(struct tt_text, pointer)", Contract.TEXT_POINTER);
        e.put("offsetof(struct tt_text, length)", Contract.TEXT_LENGTH);
        e.put("sizeof(struct tt_config)", Contract.CONFIG_BYTES);
        e.put("offsetof(struct tt_config, goid_offset)", Contract.CONFIG_GOID_OFFSET);
        e.put("offsetof(struct tt_config, stack_hi_offset)", Contract.CONFIG_STACK_HI_OFFSET);
        e.put("offsetof(struct tt_config, max_text_bytes)", Contract.CONFIG_MAX_TEXT_BYTES);
        e.put("offsetof(struct tt_config, float_signal)", Contract.CONFIG_FLOAT_SIGNAL);
        e.put("sizeof(struct tt_record)", Contract.RECORD_BYTES);
        e.put("offsetof(struct tt_record, site)", Contract.RECORD_SITE);
        e.put("offsetof(struct tt_record, thread)", Contract.RECORD_THREAD);
        e.put("offsetof(struct tt_record, timestamp_ns)", Contract.RECORD_TIMESTAMP_NS);
        e.put("offsetof(struct tt_record, goroutine)", Contract.RECORD_GOROUTINE);
        e.put("offsetof(struct tt_record, frame)", Contract.RECORD_FRAME);
        e.put("offsetof(struct tt_record, unreadable)", Contract.RECORD_UNREADABLE);
        e.put("offsetof(struct tt_record, texts)", Contract.RECORD_TEXTS);
        e.put("sizeof(struct tt_captured)", Contract.CAPTURED_BYTES);
        e.put("(int)TT_FLOATS", Contract.FLOATS);
        e.put("TT_FLOATS_OK", Contract.FLOATS_OK);
        e.put("TT_FLOATS_LATE", Contract.FLOATS_LATE);
        e.put("TT_FLOATS_UNREADABLE", Contract.FLOATS_UNREADABLE);
        e.put("sizeof(struct tt_floats)", Contract.FLOATS_BYTES);
        e.put("offsetof(struct tt_floats, state)", Contract.FLOATS_STATE);
        e.put("offsetof(struct tt_floats, value)", Contract.FLOATS_VALUE);
        e.put("sizeof(struct tt_counters)", Contract.COUNTERS_BYTES);
        e.put("offsetof(struct tt_counters, lost_calls)", Contract.COUNTERS_LOST_CALLS);
        e.put("offsetof(struct tt_counters, lost_returns)", Contract.COUNTERS_LOST_RETURNS);
        e.put("offsetof(struct tt_counters, lost_floats)", Contract.COUNTERS_LOST_FLOATS);
        return e;
    }

    @Test
    void offsetsAreThoseOfTheCompiler(@TempDir Path directory) throws IOException, InterruptedException {
        StringBuilder source = new StringBuilder("#include <stddef.h>\n#include <linux/types.h>\n#include \"tracetoll.h\"\n");
        int[] i = {0};
        expressions().forEach((expression, value) -> source.append("_Static_assert((int)(").append(expression).append(") == ")
                .append(value).append(", \"number ").append(i[0]++).append("\");\n"));
        Path file = Files.writeString(directory.resolve("contract.c"), source);
        Path bpf = Path.of(System.getProperty("tracetoll.home"), "bpf");
        Process clang = new ProcessBuilder("clang", "-fsyntax-only", "-target", "bpf", "-I", bpf.toString(),
                "-I", "/usr/include/" + System.getProperty("os.arch").replace("amd64", "x86_64") + "-linux-gnu", file.toString())
                .redirectErrorStream(true).start();
        String output = new String(clang.getInputStream().readAllBytes());
        assertThat(clang.waitFor()).as(output).isZero();
        assertThat(i[0]).isEqualTo(expressions().size()).isGreaterThan(40);
    }
}
