package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.golang.Location;
import dev.tracetoll.golang.Part;
import dev.tracetoll.golang.SiteKind;
import dev.tracetoll.linux.BpfObject;
import dev.tracetoll.tracing.SitePlan;
import dev.tracetoll.tracing.TracePlan;
import dev.tracetoll.tracing.TypeTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Tells the BPF program, by its maps, what to capture. */
final class Descriptions {

    private static final int RET = 0xc3;

    private final TracePlan plan;

    Descriptions(TracePlan plan) {
        this.plan = plan;
    }

    /** Gives the maps the size they need; before the object is loaded. */
    void size(BpfObject object) {
        object.maxEntries("sites", Math.max(1, plan.sites().size()));
        object.maxEntries("types", plan.types().entries().size());
        object.maxEntries("references", Math.max(1, plan.types().references().size()));
        object.maxEntries("dynamic_types", Math.max(1, plan.dynamicTypes().size()));
    }

    /** Fills the maps; after the object is loaded. */
    void fill(BpfObject object) {
        for (int i = 0; i < plan.sites().size(); i++) {
            object.update("sites", i, site(plan.sites().get(i)));
        }
        for (int i = 0; i < plan.types().entries().size(); i++) {
            TypeTable.Entry type = plan.types().entries().get(i);
            object.update("types", i, buffer(Contract.TYPE_BYTES)
                    .putInt(Contract.TYPE_SIZE, type.size())
                    .putInt(Contract.TYPE_FIRST_REFERENCE, type.firstReference())
                    .putInt(Contract.TYPE_REFERENCES, type.references()));
        }
        for (int i = 0; i < plan.types().references().size(); i++) {
            TypeTable.Reference reference = plan.types().references().get(i);
            object.update("references", i, buffer(Contract.REFERENCE_BYTES)
                    .putInt(Contract.REFERENCE_OFFSET, reference.offset())
                    .putInt(Contract.REFERENCE_KIND, reference.kind().ordinal())
                    .putInt(Contract.REFERENCE_TARGET, reference.target()));
        }
        plan.dynamicTypes().forEach((address, type) -> object.update("dynamic_types", address, buffer(Contract.DYNAMIC_TYPE_BYTES)
                .putInt(Contract.DYNAMIC_TYPE_TYPE, type.type())
                .putInt(Contract.DYNAMIC_TYPE_DIRECT, type.direct() ? 1 : 0)));
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
    }

    private static ByteBuffer site(SitePlan plan) {
        ByteBuffer site = buffer(Contract.SITE_BYTES);
        site.putLong(Contract.SITE_ADDRESS, plan.site().address());
        site.putInt(Contract.SITE_TYPE, plan.type());
        site.putShort(Contract.SITE_BLOCK_BYTES, (short) plan.size());
        site.putShort(Contract.SITE_PARTS, (short) plan.pieces().size());
        site.putShort(Contract.SITE_FLOATS, (short) plan.floatRegisters());
        site.put(Contract.SITE_IS_RETURN, (byte) (plan.site().kind() == SiteKind.RETURN ? 1 : 0));
        // Behind a return the thread goes on where the stack says.
        boolean leaves = (plan.site().instruction()[0] & 0xff) == RET;
        site.put(Contract.SITE_INSTRUCTION_BYTES, (byte) (leaves ? 0 : plan.site().instruction().length));
        for (int i = 0; i < plan.pieces().size(); i++) {
            describe(plan.pieces().get(i), site, Contract.SITE_PART + i * Contract.PART_BYTES);
        }
        return site;
    }

    private static void describe(SitePlan.Piece piece, ByteBuffer site, int at) {
        Part part = piece.part();
        site.putShort(at + Contract.PART_SIZE, (short) part.size());
        site.putShort(at + Contract.PART_TO, (short) piece.offset());
        if (part.location() instanceof Location.IntRegister register) {
            site.put(at + Contract.PART_SOURCE, (byte) Contract.SOURCE_INT_REGISTER);
            site.put(at + Contract.PART_INDEX, (byte) register.index());
        } else if (part.location() instanceof Location.FloatRegister register) {
            site.put(at + Contract.PART_SOURCE, (byte) Contract.SOURCE_FLOAT_REGISTER);
            site.put(at + Contract.PART_INDEX, (byte) register.index());
        } else if (part.location() instanceof Location.StackSlot slot) {
            site.put(at + Contract.PART_SOURCE, (byte) Contract.SOURCE_STACK);
            site.putInt(at + Contract.PART_OFFSET, slot.offset());
        }
    }
}
