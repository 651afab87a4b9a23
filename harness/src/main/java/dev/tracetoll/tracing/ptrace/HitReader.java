package dev.tracetoll.tracing.ptrace;

import dev.tracetoll.golang.Location;
import dev.tracetoll.golang.Part;
import dev.tracetoll.golang.RuntimeLayout;
import dev.tracetoll.linux.ProcessMemory;
import dev.tracetoll.linux.Ptrace;
import dev.tracetoll.linux.Registers;
import dev.tracetoll.tracing.Hit;
import dev.tracetoll.tracing.SitePlan;
import dev.tracetoll.tracing.TraceRequest;
import java.util.List;

/** Reads what a thread stopped at one probe site has in its registers and memory. */
final class HitReader {

    private static final byte[] EMPTY = {};

    private final SitePlan plan;
    private final RuntimeLayout runtime;
    private final int maxBytes;
    private final ProcessMemory memory;
    private final Hit hit;
    private final boolean readsFloats;
    private final long[] words;
    private boolean dying;

    HitReader(SitePlan plan, TraceRequest request, ProcessMemory memory) {
        this.plan = plan;
        this.runtime = request.runtime();
        this.maxBytes = request.maxBytes();
        this.memory = memory;
        this.hit = new Hit(plan);
        this.readsFloats = plan.readsFloatRegisters();
        this.words = new long[plan.words().size()];
    }

    SitePlan plan() {
        return plan;
    }

    /**
     * Captures a hit.
     *
     * @param registers the thread's integer registers
     * @return valid until the next call; null if the thread is dying
     */
    Hit read(Ptrace ptrace, Tracee tracee, Registers registers) {
        hit.timestampNs = System.nanoTime();
        hit.thread = tracee.thread;
        if (readsFloats && !ptrace.readFloats(tracee.thread, registers)) {
            return null;
        }
        dying = false;
        readGoroutine(registers);
        List<Part> parts = plan.words();
        for (int i = 0; i < parts.size(); i++) {
            readWord(i, parts.get(i), registers);
        }
        List<SitePlan.Text> texts = plan.texts();
        for (int i = 0; i < texts.size(); i++) {
            readText(i, words[texts.get(i).pointerWord()], words[texts.get(i).lengthWord()]);
        }
        return dying ? null : hit;
    }

    private boolean readMemory(long address, int size) {
        boolean read = memory.read(hit.thread, address, size);
        dying |= memory.gone();
        return read;
    }

    private void readGoroutine(Registers registers) {
        long g = registers.goroutinePointer();
        int from = Math.min(runtime.stackHiOffset(), runtime.goidOffset());
        int to = Math.max(runtime.stackHiOffset(), runtime.goidOffset()) + Long.BYTES;
        long returnAddressEnd = registers.stackPointer() + Long.BYTES;
        if (readMemory(g + from, to - from)) {
            hit.goroutine = memory.longAt(runtime.goidOffset() - from);
            hit.frame = memory.longAt(runtime.stackHiOffset() - from) - returnAddressEnd;
        } else {
            // Code outside of any goroutine (a signal handler of cgo, say): its stack does not move.
            hit.goroutine = 0;
            hit.frame = -returnAddressEnd;
        }
    }

    private void readWord(int index, Part part, Registers registers) {
        if (part.location() instanceof Location.IntRegister register) {
            words[index] = registers.integerArgument(register.index());
        } else if (part.location() instanceof Location.FloatRegister register) {
            words[index] = registers.floatArgument(register.index());
        } else if (part.location() instanceof Location.StackSlot slot) {
            long address = registers.stackPointer() + Long.BYTES + slot.offset();
            if (!readMemory(address, Math.min(part.size(), Long.BYTES))) {
                words[index] = 0;
                hit.unreadableWord(index, unreadable(address));
                return;
            }
            words[index] = memory.longAt(0);
        }
        hit.word(index, words[index]);
    }

    private void readText(int index, long pointer, long length) {
        int size = (int) Math.min(length, maxBytes);
        if (length < 0) {
            hit.unreadableText(index, "its length is " + length);
        } else if (size == 0) {
            hit.text(index, EMPTY);
        } else if (readMemory(pointer, size)) {
            hit.text(index, memory.bytes(size));
        } else {
            hit.unreadableText(index, unreadable(pointer));
        }
    }

    private static String unreadable(long address) {
        return "memory at 0x" + Long.toHexString(address) + " cannot be read";
    }
}
