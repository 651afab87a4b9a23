package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.golang.Location;
import dev.tracetoll.golang.MapLayout;
import dev.tracetoll.golang.Part;
import dev.tracetoll.golang.Variable;
import dev.tracetoll.linux.bpf.BpfObject;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.plan.TypeTable;
import dev.tracetoll.tracing.totals.TotalsFormat;
import dev.tracetoll.x86.Flow;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;

/** Tells the BPF program, by its maps, what to capture. */
final class Descriptions {

    /** Elements are written many at a time, but a large program's sites are tens of megabytes. */
    private static final int MOST_BYTES_AT_ONCE = 1 << 20;

    private final TracePlan plan;

    Descriptions(TracePlan plan) {
        this.plan = plan;
    }

    /** Gives the maps the size they need; before the object is loaded. */
    void size(BpfObject object) {
        object.maxEntries("sites", Math.max(1, plan.sites().size()));
        object.maxEntries("types", plan.types().entries().size());
        object.maxEntries("references", Math.max(1, plan.types().references().size()));
        object.maxEntries("maps", Math.max(1, plan.types().maps().size()));
        object.maxEntries("dynamic_types", Math.max(1, plan.dynamicTypes().size()));
    }

    /**
     * Describes the sites; after the object is loaded, and again when they are known to have moved.
     *
     * @param moved how far each site is from where it is hit, by its number
     */
    void fillSites(BpfObject object, IntToLongFunction moved) {
        fill(
                object,
                "sites",
                IntStream.range(0, plan.sites().size()).boxed().toList(),
                Contract.SITE_BYTES,
                (number, site) -> {
                    describe(plan.sites().get(number), site);
                    site.putLong(Contract.SITE_MOVED, moved.applyAsLong(number));
                });
    }

    /** Fills the maps; after the object is loaded. */
    void fill(BpfObject object) {
        fillSites(object, number -> 0);
        fill(
                object,
                "types",
                plan.types().entries(),
                Contract.TYPE_BYTES,
                (type, value) -> value.putInt(Contract.TYPE_SIZE, type.size())
                        .putInt(Contract.TYPE_FIRST_REFERENCE, type.firstReference())
                        .putInt(Contract.TYPE_REFERENCES, type.references()));
        fill(
                object,
                "references",
                plan.types().references(),
                Contract.REFERENCE_BYTES,
                (reference, value) -> value.putInt(Contract.REFERENCE_OFFSET, reference.offset())
                        .putInt(Contract.REFERENCE_KIND, reference.kind().ordinal())
                        .putInt(Contract.REFERENCE_TARGET, reference.target()));
        fill(object, "maps", plan.types().maps(), Contract.MAP_BYTES, Descriptions::describe);
        ByteBuffer keys = buffer(plan.dynamicTypes().size() * Long.BYTES);
        ByteBuffer values = buffer(plan.dynamicTypes().size() * Contract.DYNAMIC_TYPE_BYTES);
        int at = 0;
        for (Map.Entry<Long, TracePlan.DynamicType> type : plan.dynamicTypes().entrySet()) {
            keys.putLong(at * Long.BYTES, type.getKey());
            values.putInt(
                    at * Contract.DYNAMIC_TYPE_BYTES + Contract.DYNAMIC_TYPE_TYPE,
                    type.getValue().type());
            values.putInt(
                    at * Contract.DYNAMIC_TYPE_BYTES + Contract.DYNAMIC_TYPE_DIRECT,
                    type.getValue().direct() ? 1 : 0);
            at++;
        }
        object.update("dynamic_types", keys, values, at);
    }

    /** Describes which results of functions are errors; after the object is loaded, where durations are measured. */
    void fillErrors(BpfObject object) {
        fill(object, "error_results", plan.request().functions(), Contract.ERROR_RESULTS_BYTES, (function, value) -> {
            List<Variable> errors = function.errors();
            if (errors.size() > TotalsFormat.MOST_ERRORS) {
                return;
            }
            value.putInt(Contract.ERROR_RESULTS_COUNT, errors.size());
            for (int i = 0; i < errors.size(); i++) {
                // An interface is nil if its first word is.
                Part first = errors.get(i).parts().get(0);
                describe(first, 0, value, Contract.ERROR_RESULTS_PART + i * Contract.PART_BYTES);
            }
        });
    }

    /** Fills an array map; {@code describe} writes into a buffer that begins with the element. */
    private static <T> void fill(
            BpfObject object, String map, List<T> elements, int bytes, BiConsumer<T, ByteBuffer> describe) {
        int atOnce = MOST_BYTES_AT_ONCE / bytes;
        for (int from = 0; from < elements.size(); from += atOnce) {
            int count = Math.min(atOnce, elements.size() - from);
            ByteBuffer keys = buffer(count * Integer.BYTES);
            ByteBuffer values = buffer(count * bytes);
            for (int i = 0; i < count; i++) {
                keys.putInt(i * Integer.BYTES, from + i);
                describe.accept(
                        elements.get(from + i), values.slice(i * bytes, bytes).order(ByteOrder.nativeOrder()));
            }
            object.update(map, keys, values, count);
        }
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
    }

    /** How many values of a site are records of their own, where values are. */
    static int values(SitePlan site) {
        return Math.min(site.variables().size(), Contract.MAX_VALUES);
    }

    private static void describe(SitePlan plan, ByteBuffer site) {
        site.putLong(Contract.SITE_ADDRESS, plan.site().address());
        site.putInt(Contract.SITE_TYPE, plan.type());
        site.putShort(Contract.SITE_BLOCK_BYTES, (short) plan.size());
        site.putShort(Contract.SITE_PARTS, (short) plan.pieces().size());
        site.put(Contract.SITE_FLOATS, (byte) plan.floatRegisters());
        site.put(Contract.SITE_IS_RETURN, (byte) (plan.isReturn() ? 1 : 0));
        site.put(Contract.SITE_IS_MARK, (byte) (plan.isMark() ? 1 : 0));
        site.putInt(Contract.SITE_FRAME_BYTES, plan.site().frameBytes());
        site.put(Contract.SITE_VALUES, (byte) values(plan));
        site.put(Contract.SITE_ANY_R14, (byte) (plan.anyR14() ? 1 : 0));
        // Behind a return the thread goes on where the stack says.
        boolean leaves = plan.site().instruction().flow() == Flow.RETURN;
        site.put(Contract.SITE_INSTRUCTION_BYTES, (byte)
                (leaves ? 0 : plan.site().instruction().length()));
        plan.site().check().ifPresent(check -> {
            site.put(Contract.SITE_CHECK_FLAGS, (byte) check.flags());
            site.putInt(Contract.SITE_BRANCH, (int)
                    (check.target() - plan.site().instruction().next()));
        });
        for (int i = 0; i < plan.pieces().size(); i++) {
            describe(plan.pieces().get(i), site, Contract.SITE_PART + i * Contract.PART_BYTES);
        }
    }

    private static void describe(TypeTable.MapType type, ByteBuffer map) {
        MapLayout.Group group = type.layout().group();
        map.putInt(Contract.MAP_ENTRY, type.entry());
        map.putInt(Contract.MAP_ENTRY_BYTES, type.entryBytes());
        map.putInt(Contract.MAP_KEY_BYTES, type.keyBytes());
        map.putInt(Contract.MAP_VALUE_BYTES, type.valueBytes());
        map.putInt(Contract.MAP_VALUE_OFFSET, type.valueOffset());
        map.putInt(Contract.MAP_HEADER_BYTES, type.layout().header().bytes());
        map.putInt(Contract.MAP_LENGTH, type.layout().header().length());
        if (type.layout().header() instanceof MapLayout.Swiss swiss) {
            map.putInt(Contract.MAP_SWISS, 1);
            map.putInt(Contract.MAP_STATE, swiss.writing());
            map.putInt(Contract.MAP_GROUPS, swiss.directory());
            map.putInt(Contract.MAP_MORE_GROUPS, swiss.directoryLength());
            map.putInt(Contract.MAP_TABLE_GROUPS, swiss.tableGroups());
            map.putInt(Contract.MAP_TABLE_MASK, swiss.tableMask());
        } else if (type.layout().header() instanceof MapLayout.Buckets buckets) {
            map.putInt(Contract.MAP_STATE, buckets.flags());
            map.putInt(Contract.MAP_LOG2, buckets.log2());
            map.putInt(Contract.MAP_GROUPS, buckets.buckets());
            map.putInt(Contract.MAP_MORE_GROUPS, buckets.oldBuckets());
        }
        map.putInt(Contract.MAP_GROUP_BYTES, group.bytes());
        map.putInt(Contract.MAP_CONTROLS, group.controls());
        map.putInt(Contract.MAP_KEYS, group.keys().offset());
        map.putInt(Contract.MAP_KEY_STRIDE, group.keys().stride());
        map.putInt(Contract.MAP_VALUES, group.values().offset());
        map.putInt(Contract.MAP_VALUE_STRIDE, group.values().stride());
        map.putInt(Contract.MAP_OVERFLOW, group.overflow());
    }

    private static void describe(SitePlan.Piece piece, ByteBuffer site, int at) {
        describe(piece.part(), piece.offset(), site, at);
    }

    private static void describe(Part part, int to, ByteBuffer site, int at) {
        site.putShort(at + Contract.PART_SIZE, (short) part.size());
        site.putShort(at + Contract.PART_TO, (short) to);
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
