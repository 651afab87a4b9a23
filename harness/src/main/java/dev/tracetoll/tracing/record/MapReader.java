package dev.tracetoll.tracing.record;

import dev.tracetoll.golang.MapLayout;
import dev.tracetoll.tracing.plan.CaptureLimits;
import dev.tracetoll.tracing.plan.TypeTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Copies the entries of maps of a stopped thread, the part of {@link RecordWriter} that knows how Go lays out maps. Other threads may run
 * on: what does not add up counts as not read.
 *
 * <p>{@code bpf/tracetoll.bpf.c} is its twin, too.
 */
final class MapReader {

    private static final int WORD = Long.BYTES;

    /** Source: {@code src/runtime/map.go} of Go before 1.24. */
    private static final int WRITING = 4;

    private static final int SAME_SIZE_GROW = 8;
    private static final int MIN_TOP_HASH = 5;
    /** The highest bit of the control byte of a slot that is empty or deleted. Source: {@code src/internal/runtime/maps/group.go}. */
    private static final int NOT_FULL = 0x80;

    /** Odd, so that nothing is lost by multiplying with it. */
    private static final long CHECKSUM_FACTOR = 0x9e3779b97f4a7c15L;

    private enum End {
        GOES_ON,
        WHOLE,
        CUT,
        UNREADABLE
    }

    /** What of a header must be the same behind the visit as before it. */
    private record Header(long length, long groups, long moreGroups, int state, int log2) {}

    private ByteBuffer read =
            ByteBuffer.allocateDirect(CaptureLimits.MAX_MAP_HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    @SuppressWarnings("NullAway.Init") // Of the map that is read.
    private RecordWriter.HitThread thread;

    @SuppressWarnings("NullAway.Init") // Of the map that is read.
    private TypeTable.MapType type;

    private int error;
    private int steps;
    private long length;
    private int count;
    private End end = End.UNREADABLE;

    private long groups;
    private long groupsLeft;
    private long laterGroups;
    private long laterGroupsLeft;
    private long tables;
    private long tablesLeft;
    private long latestTable;
    private long overflow;
    private long controls;
    private int slot;
    private long checksum;
    private int visited;
    /** How many groups are to be visited again; 0 the first time. */
    private int toVisit;

    /** To be called at the start of each record. */
    void begin() {
        steps = 0;
    }

    /** How many entries the map says it has. */
    long length() {
        return length;
    }

    /** How many entries were copied. */
    int count() {
        return count;
    }

    /**
     * Copies entries.
     *
     * @param address of the header
     * @param maxBytes how much of any value to show
     * @param at where in {@code into} the first entry goes
     * @return 0, or the negative number of the error that reading the header gave; with 0 {@link #isRead()} says whether there are entries
     */
    int copy(RecordWriter.HitThread from, TypeTable.MapType map, long address, int maxBytes, ByteBuffer into, int at) {
        thread = from;
        type = map;
        count = 0;
        end = End.UNREADABLE;
        Header header = header(address);
        if (header == null) {
            length = 0;
            return error;
        }
        length = header.length;
        if (isBeingWritten(header)) {
            return 0;
        }
        int most = TypeTable.shown(length, type.entryBytes(), maxBytes);
        toVisit = 0;
        start(header);
        while (length != 0 && end == End.GOES_ON && steps < RecordFormat.MAX_MAP_STEPS) {
            steps++;
            if (slot >= MapLayout.SLOTS) {
                nextGroup();
            } else {
                nextSlot(into, at, most);
            }
        }
        boolean whole = end != End.WHOLE || count == length;
        if (end != End.UNREADABLE && !(whole && isUnchanged(header) && header.equals(header(address)))) {
            end = End.UNREADABLE;
        }
        return 0;
    }

    /** Whether the groups visited still have the same slots full. */
    private boolean isUnchanged(Header header) {
        if (visited == 0) {
            return true;
        }
        long before = checksum;
        toVisit = visited;
        start(header);
        for (int i = 0; end == End.GOES_ON && i < RecordFormat.MAX_MAP_STEPS; i++) {
            nextGroup();
        }
        return end == End.WHOLE && checksum == before;
    }

    /** Whether entries were found, as many as there should be or as many as there is room for, in a map that nobody changed meanwhile. */
    boolean isRead() {
        return end != End.UNREADABLE;
    }

    private @Nullable Header header(long address) {
        MapLayout.Header layout = type.layout().header();
        if (!read(address, layout.bytes())) {
            return null;
        }
        long entries = read.getLong(layout.length());
        if (layout instanceof MapLayout.Swiss swiss) {
            return new Header(
                    entries,
                    read.getLong(swiss.directory()),
                    read.getLong(swiss.directoryLength()),
                    read.get(swiss.writing()),
                    0);
        }
        MapLayout.Buckets buckets = (MapLayout.Buckets) layout;
        return new Header(
                entries,
                read.getLong(buckets.buckets()),
                read.getLong(buckets.oldBuckets()),
                read.get(buckets.flags()) & (WRITING | SAME_SIZE_GROW),
                read.get(buckets.log2()));
    }

    private boolean read(long address, int bytes) {
        if (read.capacity() < bytes) {
            read = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }
        error = thread.read(address, read, 0, bytes);
        return error == 0;
    }

    private boolean isSwiss() {
        return type.layout().header() instanceof MapLayout.Swiss;
    }

    private boolean isBeingWritten(Header header) {
        return isSwiss() ? header.state != 0 : (header.state & WRITING) != 0;
    }

    private void start(Header header) {
        groups = header.groups;
        groupsLeft = header.groups != 0 ? 1 : 0;
        laterGroupsLeft = 0;
        tablesLeft = 0;
        latestTable = 0;
        overflow = 0;
        checksum = 0;
        visited = 0;
        slot = MapLayout.SLOTS;
        end = End.GOES_ON;
        if (isSwiss()) {
            if (header.moreGroups != 0) {
                groupsLeft = 0;
                tables = header.groups;
                tablesLeft = header.moreGroups;
            }
            return;
        }
        groupsLeft <<= header.log2;
        if (header.moreGroups != 0) {
            // Of the old buckets those that are moved have marks that no full slot has, and their new ones are still
            // empty before.
            laterGroups = header.groups;
            laterGroupsLeft = groupsLeft;
            groups = header.moreGroups;
            if ((header.state & SAME_SIZE_GROW) == 0) {
                groupsLeft >>>= 1;
            }
        }
    }

    private void nextGroup() {
        if (toVisit != 0 && visited == toVisit) {
            end = End.WHOLE;
        } else if (overflow != 0) {
            visit(overflow);
        } else if (groupsLeft != 0) {
            groupsLeft--;
            groups += type.layout().group().bytes();
            visit(groups - type.layout().group().bytes());
        } else if (laterGroupsLeft != 0) {
            groups = laterGroups;
            groupsLeft = laterGroupsLeft;
            laterGroupsLeft = 0;
        } else if (tablesLeft != 0) {
            nextTable((MapLayout.Swiss) type.layout().header());
        } else {
            end = End.WHOLE;
        }
    }

    private void nextTable(MapLayout.Swiss layout) {
        if (!read(tables, WORD)) {
            end = End.UNREADABLE;
            return;
        }
        long table = read.getLong(0);
        tables += WORD;
        tablesLeft--;
        // All places of the directory that have the same table are adjacent.
        if (table == latestTable) {
            return;
        }
        latestTable = table;
        if (!read(table + layout.tableGroups(), WORD)) {
            end = End.UNREADABLE;
            return;
        }
        groups = read.getLong(0);
        if (!read(table + layout.tableMask(), WORD)) {
            end = End.UNREADABLE;
            return;
        }
        groupsLeft = read.getLong(0) + 1;
    }

    /** Reads a whole group: a read is dear here, its length is not. */
    private void visit(long group) {
        MapLayout.Group layout = type.layout().group();
        if (!read(group, layout.bytes())) {
            end = End.UNREADABLE;
            return;
        }
        controls = read.getLong(layout.controls());
        overflow = layout.overflow() == MapLayout.Group.NO_OVERFLOW ? 0 : read.getLong(layout.overflow());
        checksum = (checksum ^ controls ^ group) * CHECKSUM_FACTOR;
        visited++;
        slot = toVisit != 0 ? MapLayout.SLOTS : 0;
    }

    private void nextSlot(ByteBuffer into, int at, int most) {
        MapLayout.Group layout = type.layout().group();
        int looked = slot++;
        int control = (int) (controls >>> Byte.SIZE * looked) & 0xff;
        if (isSwiss() ? (control & NOT_FULL) != 0 : control < MIN_TOP_HASH) {
            return;
        }
        if (count >= most) {
            end = End.UNREADABLE;
            return;
        }
        int entry = at + count * type.entryBytes();
        into.put(entry, read, layout.keys().offset() + looked * layout.keys().stride(), type.keyBytes());
        into.put(
                entry + type.valueOffset(),
                read,
                layout.values().offset() + looked * layout.values().stride(),
                type.valueBytes());
        count++;
        if (count == most && most < length) {
            end = End.CUT;
        }
    }
}
