package dev.tracetoll.tracing.ebpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.golang.MapLayout;
import dev.tracetoll.linux.bpf.BpfImage;
import dev.tracetoll.linux.bpf.BpfTypes;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.tracing.DurationBuckets;
import dev.tracetoll.tracing.plan.CaptureLimits;
import dev.tracetoll.tracing.plan.Sampling;
import dev.tracetoll.tracing.plan.TypeTable;
import dev.tracetoll.tracing.record.RecordFormat;
import dev.tracetoll.tracing.ring.RecordRing;
import dev.tracetoll.tracing.syscall.SyscallRequest;
import dev.tracetoll.tracing.totals.TotalsFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java side of the contract with the BPF programs, and what is read of it in their objects, is what the C compiler makes of their headers. */
class ContractTest {

    /** C expressions and what Java says they are. */
    private static Map<String, Integer> expressions() {
        Map<String, Integer> e = layouts(
                BpfImage.TRACETOLL,
                "tt_site",
                "tt_part",
                "tt_type",
                "tt_reference",
                "tt_map",
                "tt_dynamic_type",
                "tt_config",
                "tt_process",
                "tt_counters",
                "tt_currents",
                "tt_goroutine",
                "tt_totals",
                "tt_error_results",
                "tt_left_out",
                "tt_note");
        e.put("sizeof(struct tt_goroutine)", 1 << Contract.GOROUTINE_LOG2_BYTES);
        e.put("TT_MAX_PARTS", CaptureLimits.MAX_PARTS);
        e.put("TT_MAX_BLOCK_BYTES", CaptureLimits.MAX_BLOCK_BYTES);
        e.put("TT_LAST_BLOCK_AT", RecordFormat.LAST_BLOCK_AT);
        e.put("TT_MAX_STEPS", RecordFormat.MAX_STEPS);
        e.put("TT_INT_REGISTER", Contract.SOURCE_INT_REGISTER);
        e.put("TT_STACK", Contract.SOURCE_STACK);
        e.put("TT_FLOAT_REGISTER", Contract.SOURCE_FLOAT_REGISTER);
        e.put("TT_POINTER", TypeTable.Kind.POINTER.ordinal());
        e.put("TT_FIXED", TypeTable.Kind.FIXED.ordinal());
        e.put("TT_STRING", TypeTable.Kind.STRING.ordinal());
        e.put("TT_SLICE", TypeTable.Kind.SLICE.ordinal());
        e.put("TT_INTERFACE", TypeTable.Kind.INTERFACE.ordinal());
        e.put("TT_EMPTY_INTERFACE", TypeTable.Kind.EMPTY_INTERFACE.ordinal());
        e.put("TT_MAP", TypeTable.Kind.MAP.ordinal());
        e.put("TT_INDIRECT", TypeTable.Kind.INDIRECT.ordinal());
        e.put("TT_MAX_MAP_HEADER_BYTES", CaptureLimits.MAX_MAP_HEADER_BYTES);
        e.put("TT_MAX_MAP_STEPS", RecordFormat.MAX_MAP_STEPS);
        e.put("TT_MAP_SLOTS", MapLayout.SLOTS);
        e.put("TT_MAX_SLOT_BYTES", MapLayout.LARGEST_DIRECT);
        e.put("sizeof(struct tt_record)", RecordFormat.HEADER_BYTES);
        e.put("offsetof(struct tt_record, site)", RecordFormat.SITE);
        e.put("offsetof(struct tt_record, thread)", RecordFormat.THREAD);
        e.put("offsetof(struct tt_record, timestamp_ns)", RecordFormat.TIMESTAMP_NS);
        e.put("offsetof(struct tt_record, goroutine)", RecordFormat.GOROUTINE);
        e.put("offsetof(struct tt_record, frame)", RecordFormat.FRAME);
        e.put("offsetof(struct tt_record, unreadable)", RecordFormat.UNREADABLE);
        e.put("offsetof(struct tt_record, address)", RecordFormat.ADDRESS);
        e.put("offsetof(struct tt_record, flags)", RecordFormat.FLAGS);
        e.put("offsetof(struct tt_record, length)", RecordFormat.LENGTH);
        e.put("TT_FLAG_FULL", RecordFormat.FLAG_FULL);
        e.put("TT_FLAG_GROWING", RecordFormat.FLAG_GROWING);
        e.put("TT_FLAG_GROWN", RecordFormat.FLAG_GROWN);
        e.put("(TT_NO_GOROUTINE >> 32)", (int) (RecordFormat.NO_GOROUTINE >>> 32));
        e.put("(int)TT_UNKNOWN_TYPE", RecordFormat.UNKNOWN_TYPE);
        e.put("sizeof(struct tt_block)", RecordFormat.BLOCK_HEADER_BYTES);
        e.put("offsetof(struct tt_block, type)", RecordFormat.BLOCK_TYPE);
        e.put("offsetof(struct tt_block, bytes)", RecordFormat.BLOCK_BYTES);
        e.put("offsetof(struct tt_block, count)", RecordFormat.BLOCK_COUNT);
        e.put("offsetof(struct tt_block, depth)", RecordFormat.BLOCK_DEPTH);
        e.put("offsetof(struct tt_block, address)", RecordFormat.BLOCK_ADDRESS);
        e.put("(int)TT_FLOATS", Contract.FLOATS);
        e.put("TT_FLOATS_OK", Contract.FLOATS_OK);
        e.put("TT_FLOATS_LATE", Contract.FLOATS_LATE);
        e.put("TT_FLOATS_UNREADABLE", Contract.FLOATS_UNREADABLE);
        e.put("TT_FLOATS_LISTENED", Contract.FLOATS_LISTENED);
        e.put("TT_FLOATS_BLOCKED", Contract.FLOATS_BLOCKED);
        e.put("TT_FLOATS_UNHANDLED", Contract.FLOATS_UNHANDLED);
        e.put("sizeof(struct tt_floats)", Contract.FLOATS_BYTES);
        e.put("offsetof(struct tt_floats, state)", Contract.FLOATS_STATE);
        e.put("offsetof(struct tt_floats, value)", Contract.FLOATS_VALUE);
        e.put("TT_MAX_VALUES", Contract.MAX_VALUES);
        e.put("TT_VALUE_BYTES", Contract.VALUE_BYTES);
        e.put("TT_EXECUTION", Contract.EXECUTION);
        e.put("offsetof(struct tt_execution, timestamp_ns)", Contract.EXECUTION_TIMESTAMP_NS);
        e.put("TT_FOLLOWED", Contract.FOLLOWED);
        e.put("TT_HELD", Contract.HELD);
        e.put("TT_OUTRUN", Contract.OUTRUN);
        e.put("TT_OTHER", Contract.OTHER);
        e.put("TT_PROGRAM_NAME_BYTES", Contract.PROGRAM_NAME_BYTES);
        e.put("TT_CPUS_LOG2", Contract.CPUS_LOG2);
        e.put("TT_GOROUTINES_LOG2", Contract.GOROUTINES_LOG2);
        e.put("(int)(TT_GOROUTINE_HASH >> 32)", (int) (Contract.GOROUTINE_HASH >>> 32));
        e.put("(int)TT_GOROUTINE_HASH", (int) Contract.GOROUTINE_HASH);
        e.put("sizeof(struct tt_ring_head)", RecordRing.HEAD_BYTES);
        e.put("offsetof(struct tt_ring_head, produced)", RecordRing.PRODUCED);
        e.put("offsetof(struct tt_ring_head, consumed)", RecordRing.CONSUMED);
        e.put("offsetof(struct tt_ring_head, open)", RecordRing.OPEN);
        e.put("TT_RING_SPARE", RecordRing.SPARE_BYTES);
        e.put("TT_RECORD_LENGTH_BYTES", RecordRing.LENGTH_BYTES);
        e.put("(int)TT_RETURN", Contract.RETURN);
        e.put("TT_UNTIMED", Contract.UNTIMED);
        e.put("TT_ANY_R14", Contract.ANY_R14);
        e.put("TT_LEFT_OUT_COUNTERS", Contract.LEFT_OUT_COUNTERS);
        e.put("TT_LEFT_OUT_CALLS", Contract.LEFT_OUT_CALLS);
        e.put("TT_LEFT_OUT_RETURNS", Contract.LEFT_OUT_RETURNS);
        for (long seed : new long[] {0, 1, 4711, Long.MIN_VALUE + 99}) {
            for (long goroutine : new long[] {1, 2, 17, 1_000_000, 1L << 63 | 0xc000123000L}) {
                Sampling half = new Sampling(Sampling.By.GOROUTINE, 2, seed);
                e.put(
                        "(TT_SAMPLE_HASH(" + Long.toUnsignedString(goroutine) + "ull, " + Long.toUnsignedString(seed)
                                + "ull) < " + half.limit() + "ull)",
                        half.chooses(goroutine) ? 1 : 0);
            }
        }
        e.put("TT_MAX_ERRORS", TotalsFormat.MOST_ERRORS);
        e.put("TT_SUB_BUCKETS", DurationBuckets.SUB_BUCKETS);
        e.put("TT_BUCKETS", DurationBuckets.COUNT);
        e.put("(TT_LONGEST_NS >> 32)", (int) (DurationBuckets.LONGEST_NS >>> 32));
        e.put("(int)TT_LONGEST_NS", (int) DurationBuckets.LONGEST_NS);
        // Both ends of every bucket.
        for (int i = 0; i < DurationBuckets.COUNT; i++) {
            long last = DurationBuckets.from(i + 1) - 1;
            e.put("TT_BUCKET(" + DurationBuckets.from(i) + "ull)", DurationBuckets.of(DurationBuckets.from(i)));
            e.put("TT_BUCKET(" + last + "ull | 0)", DurationBuckets.of(last));
        }
        e.put("BPF_RB_FORCE_WAKEUP", Contract.RB_FORCE_WAKEUP);
        return e;
    }

    /** What the type information of an object says of structures. */
    private static Map<String, Integer> layouts(BpfImage image, String... structs) {
        Map<String, Integer> e = new LinkedHashMap<>();
        for (String name : structs) {
            BpfTypes.Struct struct = image.types().struct(name);
            e.put("sizeof(struct " + name + ")", struct.bytes());
            struct.offsets()
                    .forEach((member, offset) -> e.put("offsetof(struct " + name + ", " + member + ")", offset));
        }
        return e;
    }

    @Test
    void whatAnObjectLacksIsSaid() {
        BpfTypes types = BpfImage.SYSCALLS.types();
        assertThatThrownBy(() -> types.struct("ts_missing"))
                .isInstanceOf(OperationFailed.class)
                .hasMessageContainingAll("structure ts_missing", "build it again");
        assertThatThrownBy(() -> types.struct("ts_config").offset("missing"))
                .isInstanceOf(OperationFailed.class)
                .hasMessageContainingAll("member missing of structure ts_config", "build it again");
    }

    private static Map<String, Integer> syscallExpressions() {
        Map<String, Integer> e = layouts(BpfImage.SYSCALLS, "ts_config", "ts_counters");
        e.put("TS_MAX_HEAD_BYTES", SyscallRequest.MOST_BYTES);
        e.put("TS_ENTRY", SyscallContract.ENTRY);
        e.put("TS_EXIT", SyscallContract.EXIT);
        e.put("sizeof(struct ts_record)", SyscallContract.RECORD_BYTES);
        e.put("offsetof(struct ts_record, kind)", SyscallContract.RECORD_KIND);
        e.put("offsetof(struct ts_record, thread)", SyscallContract.RECORD_THREAD);
        e.put("offsetof(struct ts_record, timestamp_ns)", SyscallContract.RECORD_TIMESTAMP_NS);
        e.put("offsetof(struct ts_record, lost)", SyscallContract.RECORD_LOST);
        e.put("sizeof(struct ts_entry)", SyscallContract.ENTRY_BYTES);
        e.put("offsetof(struct ts_entry, length)", SyscallContract.ENTRY_LENGTH);
        e.put("offsetof(struct ts_entry, descriptor)", SyscallContract.ENTRY_DESCRIPTOR);
        e.put("offsetof(struct ts_entry, head)", SyscallContract.ENTRY_HEAD);
        e.put("sizeof(struct ts_exit)", SyscallContract.EXIT_BYTES);
        e.put("offsetof(struct ts_exit, result)", SyscallContract.EXIT_RESULT);
        return e;
    }

    @Test
    void offsetsAreThoseOfTheCompiler(@TempDir Path directory) throws IOException, InterruptedException {
        check("tracetoll.h", expressions(), directory);
        check("syscalls.h", syscallExpressions(), directory);
    }

    private static void check(String header, Map<String, Integer> expressions, Path directory)
            throws IOException, InterruptedException {
        StringBuilder source =
                new StringBuilder("#include <stddef.h>\n#include <linux/bpf.h>\n#include \"" + header + "\"\n");
        int[] i = {0};
        expressions.forEach((expression, value) -> source.append("_Static_assert((int)(")
                .append(expression)
                .append(") == ")
                .append(value)
                .append(", \"number ")
                .append(i[0]++)
                .append("\");\n"));
        Path file = Files.writeString(directory.resolve("contract.c"), source);
        Path bpf = Path.of(System.getProperty("tracetoll.home"), "bpf");
        Process clang = new ProcessBuilder(
                        "clang",
                        "-fsyntax-only",
                        "-target",
                        "bpf",
                        "-I",
                        bpf.toString(),
                        "-I",
                        "/usr/include/" + System.getProperty("os.arch").replace("amd64", "x86_64") + "-linux-gnu",
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(clang.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(clang.waitFor()).as(output).isZero();
        assertThat(i[0]).isEqualTo(expressions.size()).isGreaterThan(20);
    }
}
