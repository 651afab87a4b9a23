package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.golang.Location;
import dev.tracetoll.golang.Part;
import dev.tracetoll.golang.SiteKind;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.tracing.SitePlan;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Describes a site to the BPF program: {@code struct tt_site}. */
final class SiteDescription {

    private SiteDescription() {}

    static ByteBuffer of(SitePlan plan) {
        if (plan.words().size() > Contract.MAX_WORDS || plan.texts().size() > Contract.MAX_TEXTS) {
            throw new BadInput("Function " + plan.function().name() + " has too many arguments or results for eBPF ("
                    + plan.words().size() + " words, " + plan.texts().size() + " strings; at most " + Contract.MAX_WORDS + " and "
                    + Contract.MAX_TEXTS + "); trace it with --backend ptrace");
        }
        ByteBuffer site = ByteBuffer.allocate(Contract.SITE_BYTES).order(ByteOrder.nativeOrder());
        site.putShort(Contract.SITE_WORDS, (short) plan.words().size());
        site.putShort(Contract.SITE_TEXTS, (short) plan.texts().size());
        site.putShort(Contract.SITE_FLOATS, (short) floats(plan));
        site.put(Contract.SITE_IS_RETURN, (byte) (plan.site().kind() == SiteKind.RETURN ? 1 : 0));
        site.put(Contract.SITE_INSTRUCTION_BYTES, (byte) plan.site().instruction().length);
        for (int i = 0; i < plan.words().size(); i++) {
            describe(plan.words().get(i), site, Contract.SITE_WORD + i * Contract.WORD_BYTES);
        }
        for (int i = 0; i < plan.texts().size(); i++) {
            int at = Contract.SITE_TEXT + i * Contract.TEXT_BYTES;
            site.putShort(at + Contract.TEXT_POINTER, (short) plan.texts().get(i).pointerWord());
            site.putShort(at + Contract.TEXT_LENGTH, (short) plan.texts().get(i).lengthWord());
        }
        return site;
    }

    private static void describe(Part part, ByteBuffer site, int at) {
        site.putShort(at + Contract.WORD_SIZE, (short) part.size());
        if (part.location() instanceof Location.IntRegister register) {
            site.put(at + Contract.WORD_SOURCE, (byte) Contract.SOURCE_INT_REGISTER);
            site.put(at + Contract.WORD_INDEX, (byte) register.index());
        } else if (part.location() instanceof Location.FloatRegister register) {
            site.put(at + Contract.WORD_SOURCE, (byte) Contract.SOURCE_FLOAT_REGISTER);
            site.put(at + Contract.WORD_INDEX, (byte) register.index());
        } else if (part.location() instanceof Location.StackSlot slot) {
            site.put(at + Contract.WORD_SOURCE, (byte) Contract.SOURCE_STACK);
            site.putInt(at + Contract.WORD_OFFSET, slot.offset());
        }
    }

    /** How many floating-point registers are wanted, counted from X0. */
    private static int floats(SitePlan plan) {
        int floats = 0;
        for (Part part : plan.words()) {
            if (part.location() instanceof Location.FloatRegister register) {
                floats = Math.max(floats, register.index() + 1);
            }
        }
        return floats;
    }
}
