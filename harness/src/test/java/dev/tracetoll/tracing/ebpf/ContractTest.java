package dev.tracetoll.tracing.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.golang.MapLayout;
import dev.tracetoll.tracing.DurationBuckets;
import dev.tracetoll.tracing.plan.CaptureLimits;
import dev.tracetoll.tracing.plan.TypeTable;
import dev.tracetoll.tracing.record.RecordFormat;
import dev.tracetoll.tracing.ring.RecordRing;
import dev.tracetoll.tracing.syscall.SyscallRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java side of the contract with the BPF programs is what the C compiler makes of their headers. */
class ContractTest {

    /** C expressions and what Java says they are. */
    private static Map<String, Integer> expressions() {
        Map<String, Integer> e = new LinkedHashMap<>();
        e.put("TT_MAX_PARTS", CaptureLimits.MAX_PARTS);
        e.put("TT_MAX_BLOCK_BYTES", CaptureLimits.MAX_BLOCK_BYTES);
        e.put("TT_LAST_BLOCK_AT", RecordFormat.LAST_BLOCK_AT);
        e.put("TT_MAX_STEPS", RecordFormat.MAX_STEPS);
        e.put("TT_INT_REGISTER", Contract.SOURCE_INT_REGISTER);
        e.put("TT_STACK", Contract.SOURCE_STACK);
        e.put("TT_FLOAT_REGISTER", Contract.SOURCE_FLOAT_REGISTER);
        e.put("sizeof(struct tt_part)", Contract.PART_BYTES);
        e.put("offsetof(struct tt_part, source)", Contract.PART_SOURCE);
        e.put("offsetof(struct tt_part, index)", Contract.PART_INDEX);
        e.put("offsetof(struct tt_part, size)", Contract.PART_SIZE);
        e.put("offsetof(struct tt_part, to)", Contract.PART_TO);
        e.put("offsetof(struct tt_part, offset)", Contract.PART_OFFSET);
        e.put("sizeof(struct tt_site)", Contract.SITE_BYTES);
        e.put("offsetof(struct tt_site, address)", Contract.SITE_ADDRESS);
        e.put("offsetof(struct tt_site, type)", Contract.SITE_TYPE);
        e.put("offsetof(struct tt_site, bytes)", Contract.SITE_BLOCK_BYTES);
        e.put("offsetof(struct tt_site, parts)", Contract.SITE_PARTS);
        e.put("offsetof(struct tt_site, floats)", Contract.SITE_FLOATS);
        e.put("offsetof(struct tt_site, is_return)", Contract.SITE_IS_RETURN);
        e.put("offsetof(struct tt_site, instruction_bytes)", Contract.SITE_INSTRUCTION_BYTES);
        e.put("offsetof(struct tt_site, check_flags)", Contract.SITE_CHECK_FLAGS);
        e.put("offsetof(struct tt_site, branch)", Contract.SITE_BRANCH);
        e.put("offsetof(struct tt_site, frame_bytes)", Contract.SITE_FRAME_BYTES);
        e.put("offsetof(struct tt_site, any_r14)", Contract.SITE_ANY_R14);
        e.put("offsetof(struct tt_site, part)", Contract.SITE_PART);
        e.put("sizeof(struct tt_type)", Contract.TYPE_BYTES);
        e.put("offsetof(struct tt_type, size)", Contract.TYPE_SIZE);
        e.put("offsetof(struct tt_type, first_reference)", Contract.TYPE_FIRST_REFERENCE);
        e.put("offsetof(struct tt_type, references)", Contract.TYPE_REFERENCES);
        e.put("sizeof(struct tt_reference)", Contract.REFERENCE_BYTES);
        e.put("offsetof(struct tt_reference, offset)", Contract.REFERENCE_OFFSET);
        e.put("offsetof(struct tt_reference, kind)", Contract.REFERENCE_KIND);
        e.put("offsetof(struct tt_reference, target)", Contract.REFERENCE_TARGET);
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
        e.put("sizeof(struct tt_map)", Contract.MAP_BYTES);
        e.put("offsetof(struct tt_map, entry)", Contract.MAP_ENTRY);
        e.put("offsetof(struct tt_map, entry_bytes)", Contract.MAP_ENTRY_BYTES);
        e.put("offsetof(struct tt_map, key_bytes)", Contract.MAP_KEY_BYTES);
        e.put("offsetof(struct tt_map, value_bytes)", Contract.MAP_VALUE_BYTES);
        e.put("offsetof(struct tt_map, value_offset)", Contract.MAP_VALUE_OFFSET);
        e.put("offsetof(struct tt_map, swiss)", Contract.MAP_SWISS);
        e.put("offsetof(struct tt_map, header_bytes)", Contract.MAP_HEADER_BYTES);
        e.put("offsetof(struct tt_map, length)", Contract.MAP_LENGTH);
        e.put("offsetof(struct tt_map, state)", Contract.MAP_STATE);
        e.put("offsetof(struct tt_map, log2)", Contract.MAP_LOG2);
        e.put("offsetof(struct tt_map, groups)", Contract.MAP_GROUPS);
        e.put("offsetof(struct tt_map, more_groups)", Contract.MAP_MORE_GROUPS);
        e.put("offsetof(struct tt_map, table_groups)", Contract.MAP_TABLE_GROUPS);
        e.put("offsetof(struct tt_map, table_mask)", Contract.MAP_TABLE_MASK);
        e.put("offsetof(struct tt_map, group_bytes)", Contract.MAP_GROUP_BYTES);
        e.put("offsetof(struct tt_map, controls)", Contract.MAP_CONTROLS);
        e.put("offsetof(struct tt_map, keys)", Contract.MAP_KEYS);
        e.put("offsetof(struct tt_map, key_stride)", Contract.MAP_KEY_STRIDE);
        e.put("offsetof(struct tt_map, values)", Contract.MAP_VALUES);
        e.put("offsetof(struct tt_map, value_stride)", Contract.MAP_VALUE_STRIDE);
        e.put("offsetof(struct tt_map, overflow)", Contract.MAP_OVERFLOW);
        e.put("sizeof(struct tt_dynamic_type)", Contract.DYNAMIC_TYPE_BYTES);
        e.put("offsetof(struct tt_dynamic_type, type)", Contract.DYNAMIC_TYPE_TYPE);
        e.put("offsetof(struct tt_dynamic_type, direct)", Contract.DYNAMIC_TYPE_DIRECT);
        e.put("sizeof(struct tt_config)", Contract.CONFIG_BYTES);
        e.put("offsetof(struct tt_config, goid_offset)", Contract.CONFIG_GOID_OFFSET);
        e.put("offsetof(struct tt_config, stack_hi_offset)", Contract.CONFIG_STACK_HI_OFFSET);
        e.put("offsetof(struct tt_config, max_bytes)", Contract.CONFIG_MAX_BYTES);
        e.put("offsetof(struct tt_config, depth)", Contract.CONFIG_DEPTH);
        e.put("offsetof(struct tt_config, float_signal)", Contract.CONFIG_FLOAT_SIGNAL);
        e.put("offsetof(struct tt_config, wakeups)", Contract.CONFIG_WAKEUPS);
        e.put("offsetof(struct tt_config, sites)", Contract.CONFIG_SITES);
        e.put("offsetof(struct tt_config, thread_g_offset)", Contract.CONFIG_THREAD_G_OFFSET);
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
        e.put("TT_EXECUTION", Contract.EXECUTION);
        e.put("TT_FOLLOWED", Contract.FOLLOWED);
        e.put("TT_HELD", Contract.HELD);
        e.put("TT_OUTRUN", Contract.OUTRUN);
        e.put("TT_OTHER", Contract.OTHER);
        e.put("sizeof(struct tt_process)", Contract.PROCESS_BYTES);
        e.put("offsetof(struct tt_process, file)", Contract.PROCESS_FILE);
        e.put("offsetof(struct tt_process, pid)", Contract.PROCESS_PID);
        e.put("offsetof(struct tt_process, descriptor)", Contract.PROCESS_DESCRIPTOR);
        e.put("offsetof(struct tt_process, holds)", Contract.PROCESS_HOLDS);
        e.put("offsetof(struct tt_process, pursuit)", Contract.PROCESS_PURSUIT);
        e.put("offsetof(struct tt_process, program)", Contract.PROCESS_PROGRAM);
        e.put("TT_PROGRAM_NAME_BYTES", Contract.PROGRAM_NAME_BYTES);
        e.put("sizeof(struct tt_counters)", Contract.COUNTERS_BYTES);
        e.put("offsetof(struct tt_counters, lost_calls)", Contract.COUNTERS_LOST_CALLS);
        e.put("offsetof(struct tt_counters, lost_returns)", Contract.COUNTERS_LOST_RETURNS);
        e.put("offsetof(struct tt_counters, lost_floats)", Contract.COUNTERS_LOST_FLOATS);
        e.put("offsetof(struct tt_counters, untracked_growths)", Contract.COUNTERS_UNTRACKED_GROWTHS);
        e.put("offsetof(struct tt_counters, growing_now)", Contract.COUNTERS_GROWING_NOW);
        e.put("offsetof(struct tt_counters, remembering)", Contract.COUNTERS_REMEMBERING);
        e.put("offsetof(struct tt_counters, changes)", Contract.COUNTERS_CHANGES);
        e.put("TT_CPUS_LOG2", Contract.CPUS_LOG2);
        e.put("sizeof(struct tt_currents)", Contract.CURRENTS_BYTES);
        e.put("offsetof(struct tt_currents, pid_offset)", Contract.CURRENTS_PID_OFFSET);
        e.put("offsetof(struct tt_currents, at)", Contract.CURRENTS_AT);
        e.put("TT_START", Contract.START);
        e.put("TT_GOROUTINES_LOG2", Contract.GOROUTINES_LOG2);
        e.put("(int)(TT_GOROUTINE_HASH >> 32)", (int) (Contract.GOROUTINE_HASH >>> 32));
        e.put("(int)TT_GOROUTINE_HASH", (int) Contract.GOROUTINE_HASH);
        e.put("sizeof(struct tt_goroutine)", 1 << Contract.GOROUTINE_LOG2_BYTES);
        e.put("offsetof(struct tt_goroutine, g)", Contract.GOROUTINE_G);
        e.put("offsetof(struct tt_goroutine, goroutine)", Contract.GOROUTINE_GOROUTINE);
        e.put("offsetof(struct tt_goroutine, low)", Contract.GOROUTINE_LOW);
        e.put("offsetof(struct tt_goroutine, high)", Contract.GOROUTINE_HIGH);
        e.put("offsetof(struct tt_config, functions)", Contract.CONFIG_FUNCTIONS);
        e.put("offsetof(struct tt_config, copies)", Contract.CONFIG_COPIES);
        e.put("offsetof(struct tt_config, ring_bytes)", Contract.CONFIG_RING_BYTES);
        e.put("offsetof(struct tt_config, handler)", Contract.CONFIG_HANDLER);
        e.put("offsetof(struct tt_config, listened)", Contract.CONFIG_LISTENED);
        e.put("sizeof(struct tt_ring_head)", RecordRing.HEAD_BYTES);
        e.put("offsetof(struct tt_ring_head, produced)", RecordRing.PRODUCED);
        e.put("offsetof(struct tt_ring_head, consumed)", RecordRing.CONSUMED);
        e.put("offsetof(struct tt_ring_head, open)", RecordRing.OPEN);
        e.put("TT_RING_SPARE", RecordRing.SPARE_BYTES);
        e.put("TT_RECORD_LENGTH_BYTES", RecordRing.LENGTH_BYTES);
        e.put("(int)TT_RETURN", Contract.RETURN);
        e.put("TT_UNTIMED", Contract.UNTIMED);
        e.put("TT_ANY_R14", Contract.ANY_R14);
        e.put("sizeof(struct tt_totals)", Contract.TOTALS_BYTES);
        e.put("offsetof(struct tt_totals, calls)", Contract.TOTALS_CALLS);
        e.put("offsetof(struct tt_totals, returns)", Contract.TOTALS_RETURNS);
        e.put("offsetof(struct tt_totals, unmatched)", Contract.TOTALS_UNMATCHED);
        e.put("offsetof(struct tt_totals, replaced)", Contract.TOTALS_REPLACED);
        e.put("offsetof(struct tt_totals, sum_ns)", Contract.TOTALS_SUM_NS);
        e.put("offsetof(struct tt_totals, shortest_ns)", Contract.TOTALS_SHORTEST_NS);
        e.put("offsetof(struct tt_totals, longest_ns)", Contract.TOTALS_LONGEST_NS);
        e.put("offsetof(struct tt_totals, bucket)", Contract.TOTALS_BUCKET);
        e.put("offsetof(struct tt_note, function)", Contract.NOTE_FUNCTION);
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

    private static Map<String, Integer> syscallExpressions() {
        Map<String, Integer> e = new LinkedHashMap<>();
        e.put("TS_MAX_HEAD_BYTES", SyscallRequest.MOST_BYTES);
        e.put("sizeof(struct ts_config)", SyscallContract.CONFIG_BYTES);
        e.put("offsetof(struct ts_config, process)", SyscallContract.CONFIG_PROCESS);
        e.put("offsetof(struct ts_config, lowest_descriptor)", SyscallContract.CONFIG_LOWEST_DESCRIPTOR);
        e.put("offsetof(struct ts_config, head_bytes)", SyscallContract.CONFIG_HEAD_BYTES);
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
        e.put("sizeof(struct ts_counters)", SyscallContract.COUNTERS_BYTES);
        e.put("offsetof(struct ts_counters, lost_entries)", SyscallContract.COUNTERS_LOST_ENTRIES);
        e.put("offsetof(struct ts_counters, lost_exits)", SyscallContract.COUNTERS_LOST_EXITS);
        return e;
    }

    @Test
    void offsetsAreThoseOfTheCompiler(@TempDir Path directory) throws IOException, InterruptedException {
        check("tracetoll.h", expressions(), directory);
        check("syscalls.h", syscallExpressions(), directory);
    }

    private static void check(String header, Map<String, Integer> expressions, Path directory) throws IOException, InterruptedException {
        StringBuilder source = new StringBuilder("#include <stddef.h>\n#include <linux/bpf.h>\n#include \"" + header + "\"\n");
        int[] i = {0};
        expressions.forEach((expression, value) -> source.append("_Static_assert((int)(").append(expression).append(") == ")
                .append(value).append(", \"number ").append(i[0]++).append("\");\n"));
        Path file = Files.writeString(directory.resolve("contract.c"), source);
        Path bpf = Path.of(System.getProperty("tracetoll.home"), "bpf");
        Process clang = new ProcessBuilder("clang", "-fsyntax-only", "-target", "bpf", "-I", bpf.toString(),
                "-I", "/usr/include/" + System.getProperty("os.arch").replace("amd64", "x86_64") + "-linux-gnu", file.toString())
                .redirectErrorStream(true).start();
        String output = new String(clang.getInputStream().readAllBytes());
        assertThat(clang.waitFor()).as(output).isZero();
        assertThat(i[0]).isEqualTo(expressions.size()).isGreaterThan(20);
    }
}
