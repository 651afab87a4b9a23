package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.golang.Location;
import dev.tracetoll.golang.Part;
import dev.tracetoll.linux.Errno;
import dev.tracetoll.tracing.EventAssembler;
import dev.tracetoll.tracing.Hit;
import dev.tracetoll.tracing.SitePlan;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns the ring buffer's records into hits. A record of a site that reads floating-point registers waits for the record that completes it,
 * which its thread writes before it runs on.
 */
final class RecordReader {

    private record Waiting(SitePlan plan, Hit hit) {}

    private final List<SitePlan> plans;
    private final Hit[] hits;
    private final boolean[] readsFloats;
    private final EventAssembler assembler;
    private final Map<Integer, Waiting> waiting = new LinkedHashMap<>();

    RecordReader(List<SitePlan> plans, EventAssembler assembler) {
        this.plans = plans;
        this.assembler = assembler;
        this.hits = plans.stream().map(Hit::new).toArray(Hit[]::new);
        this.readsFloats = new boolean[hits.length];
        for (int i = 0; i < hits.length; i++) {
            readsFloats[i] = plans.get(i).readsFloatRegisters();
        }
    }

    /** Takes a record of {@code length} bytes at {@code at}. */
    void read(ByteBuffer data, int at, int length) {
        int site = data.getInt(at + Contract.RECORD_SITE);
        int thread = data.getInt(at + Contract.RECORD_THREAD);
        if ((site & Contract.FLOATS) != 0) {
            complete(data, at, thread);
            return;
        }
        SitePlan plan = plans.get(site);
        long goroutine = data.getLong(at + Contract.RECORD_GOROUTINE);
        if (!waiting.isEmpty()) {
            giveUp(thread, goroutine);
        }
        // A hit that waits is kept beyond this call, so it is one of its own.
        Hit hit = readsFloats[site] ? new Hit(plan) : hits[site];
        hit.thread = thread;
        hit.timestampNs = data.getLong(at + Contract.RECORD_TIMESTAMP_NS);
        hit.goroutine = goroutine;
        hit.frame = data.getLong(at + Contract.RECORD_FRAME);
        readWords(plan, hit, data, at);
        readTexts(plan, hit, data, at);
        if (readsFloats[site]) {
            waiting.put(thread, new Waiting(plan, hit));
        } else {
            assembler.hit(plan, hit);
        }
    }

    /** Hands on every hit that still waits, its floating-point values said to be unreadable. */
    void giveUpWaiting() {
        waiting.values().forEach(each -> deliverWithoutFloats(each, "no signal showed the floating-point registers, or its record was lost"));
        waiting.clear();
    }

    private void readWords(SitePlan plan, Hit hit, ByteBuffer data, int at) {
        long unreadable = data.getLong(at + Contract.RECORD_UNREADABLE);
        int words = plan.words().size();
        for (int i = 0; i < words; i++) {
            if ((unreadable >>> i & 1) != 0) {
                hit.unreadableWord(i, "its place on the stack cannot be read");
            } else {
                hit.word(i, data.getLong(at + Contract.RECORD_BYTES + i * Long.BYTES));
            }
        }
    }

    private void readTexts(SitePlan plan, Hit hit, ByteBuffer data, int at) {
        int captured = data.getInt(at + Contract.RECORD_TEXTS);
        int from = at + Contract.RECORD_BYTES + plan.words().size() * Long.BYTES;
        for (int i = 0; i < plan.texts().size(); i++) {
            if (i >= captured) {
                hit.unreadableText(i, "the record had no room for it");
                continue;
            }
            int bytes = data.getInt(from);
            from += Contract.CAPTURED_BYTES;
            if (bytes < 0) {
                hit.unreadableText(i, "its memory cannot be read (" + Errno.describe(-bytes) + ")");
            } else {
                byte[] text = new byte[bytes];
                data.get(from, text);
                hit.text(i, text);
                from += bytes + Long.BYTES - 1 & -Long.BYTES;
            }
        }
    }

    private void complete(ByteBuffer data, int at, int thread) {
        Waiting found = waiting.remove(thread);
        if (found == null) {
            return;
        }
        int state = (int) data.getLong(at + Contract.FLOATS_STATE);
        if (state != Contract.FLOATS_OK) {
            deliverWithoutFloats(found, state == Contract.FLOATS_LATE
                    ? "the signal that shows floating-point registers came too late"
                    : "the signal frame cannot be read");
            return;
        }
        List<Part> words = found.plan.words();
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i).location() instanceof Location.FloatRegister register) {
                found.hit.word(i, data.getLong(at + Contract.FLOATS_VALUE + register.index() * Long.BYTES));
            }
        }
        assembler.hit(found.plan, found.hit);
    }

    /** Nothing of the same thread or goroutine may overtake a hit that waits. */
    private void giveUp(int thread, long goroutine) {
        for (Iterator<Map.Entry<Integer, Waiting>> i = waiting.entrySet().iterator(); i.hasNext();) {
            Map.Entry<Integer, Waiting> entry = i.next();
            if (entry.getKey() == thread || entry.getValue().hit.goroutine == goroutine) {
                i.remove();
                deliverWithoutFloats(entry.getValue(), "no signal showed the floating-point registers, or its record was lost");
            }
        }
    }

    private void deliverWithoutFloats(Waiting found, String why) {
        List<Part> words = found.plan.words();
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i).location() instanceof Location.FloatRegister) {
                found.hit.unreadableWord(i, why);
            }
        }
        assembler.hit(found.plan, found.hit);
    }
}
