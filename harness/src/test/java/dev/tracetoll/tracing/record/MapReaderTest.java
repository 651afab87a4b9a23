package dev.tracetoll.tracing.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.golang.MapLayout;
import dev.tracetoll.tracing.plan.TypeTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is read of maps laid out by hand, in memory that other threads can change at any moment. */
class MapReaderTest {

    private static final int WORD = Long.BYTES;
    private static final long HEADER = 0x1000;
    private static final long DIRECTORY = 0x1100;
    private static final int TABLE = 0x1200;
    private static final int GROUPS = 0x2000;
    /** A map[uint32]uint16: one byte a slot, eight keys, eight values, and an overflow pointer or none. */
    private static final int GROUP_BYTES = 64;

    private static final MapLayout.Slots KEYS = new MapLayout.Slots(8, 4);
    private static final MapLayout.Slots VALUES = new MapLayout.Slots(40, 2);
    private static final TypeTable.MapType BUCKETS = type(new MapLayout.Buckets(48, 0, 8, 9, 16, 24), 56);
    private static final TypeTable.MapType SWISS =
            type(new MapLayout.Swiss(48, 0, 16, 24, 34, 16, 24), MapLayout.Group.NO_OVERFLOW);
    private static final byte EMPTY = (byte) 0x80;

    private final ByteBuffer memory = ByteBuffer.allocate(0x10000).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer entries = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    private final Set<Long> unreadable = new HashSet<>();
    /** What happens before a read, by its number. */
    private final TreeMap<Integer, Runnable> meanwhile = new TreeMap<>();

    private final MapReader reader = new MapReader();
    private int reads;

    private static TypeTable.MapType type(MapLayout.Header header, int overflow) {
        return new TypeTable.MapType(
                new MapLayout(header, new MapLayout.Group(GROUP_BYTES, 0, KEYS, VALUES, overflow), null),
                1,
                8,
                4,
                2,
                4);
    }

    private final RecordWriter.HitThread thread = new RecordWriter.HitThread() {
        @Override
        public long integerArgument(int index) {
            throw new AssertionError();
        }

        @Override
        public long floatArgument(int index) {
            throw new AssertionError();
        }

        @Override
        public long stackArguments() {
            throw new AssertionError();
        }

        @Override
        public int read(long address, ByteBuffer into, int at, int size) {
            meanwhile.getOrDefault(++reads, () -> {}).run();
            if (unreadable.contains(address) || address < HEADER || address + size > memory.capacity()) {
                return -14;
            }
            into.put(at, memory, (int) address, size);
            return 0;
        }
    };

    @BeforeEach
    void noGroupIsFull() {
        for (int group = 0; group < 16; group++) {
            for (int slot = 0; slot < MapLayout.SLOTS; slot++) {
                memory.put(GROUPS + group * GROUP_BYTES + slot, EMPTY);
            }
        }
    }

    private void put(int group, int slot, int control, int key) {
        int at = GROUPS + group * GROUP_BYTES;
        memory.put(at + slot, (byte) control);
        memory.putInt(at + KEYS.offset() + slot * KEYS.stride(), key);
        memory.putShort(at + VALUES.offset() + slot * VALUES.stride(), (short) (key + 1));
    }

    private void buckets(long length, int flags, int log2, long buckets, long old) {
        for (int group = 0; group < 16; group++) {
            memory.putLong(GROUPS + group * GROUP_BYTES, 0);
        }
        memory.putLong((int) HEADER, length).put((int) HEADER + 8, (byte) flags).put((int) HEADER + 9, (byte) log2);
        memory.putLong((int) HEADER + 16, buckets).putLong((int) HEADER + 24, old);
    }

    private void swiss(long length, long directory, long directoryLength) {
        memory.putLong((int) HEADER, length)
                .putLong((int) HEADER + 16, directory)
                .putLong((int) HEADER + 24, directoryLength);
    }

    private void table(int place, int table, int firstGroup, int groups) {
        memory.putLong((int) DIRECTORY + place * WORD, TABLE + table * 32);
        memory.putLong(TABLE + table * 32 + 16, GROUPS + firstGroup * GROUP_BYTES)
                .putLong(TABLE + table * 32 + 24, groups - 1);
    }

    private int copy(TypeTable.MapType type, int maxBytes) {
        reads = 0;
        reader.begin();
        return reader.copy(thread, type, HEADER, maxBytes, entries, 0);
    }

    private void assertKeys(int... keys) {
        assertThat(reader.isRead()).isTrue();
        assertThat(reader.count()).isEqualTo(keys.length);
        for (int i = 0; i < keys.length; i++) {
            assertThat(entries.getInt(i * 8)).isEqualTo(keys[i]);
            assertThat(entries.getShort(i * 8 + 4)).isEqualTo((short) (keys[i] + 1));
        }
    }

    private void assertNotRead(TypeTable.MapType type) {
        assertThat(copy(type, 4096)).isZero();
        assertThat(reader.isRead()).isFalse();
    }

    private void smallSwiss() {
        swiss(2, GROUPS, 0);
        put(0, 1, 0x7f, 10);
        put(0, 2, 0xfe, 11);
        put(0, 7, 0, 12);
    }

    @Test
    void aSmallSwissMapIsOneGroupWithoutItsDeletedSlots() {
        smallSwiss();
        assertThat(copy(SWISS, 4096)).isZero();
        assertKeys(10, 12);
    }

    @Test
    void aTableWithSeveralPlacesInTheDirectoryIsVisitedOnce() {
        swiss(3, DIRECTORY, 4);
        table(0, 0, 0, 2);
        table(1, 0, 0, 2);
        table(2, 1, 2, 1);
        table(3, 2, 3, 1);
        put(0, 0, 1, 20);
        put(1, 3, 2, 21);
        put(3, 5, 3, 22);
        assertThat(copy(SWISS, 4096)).isZero();
        assertKeys(20, 21, 22);
    }

    @Test
    void anEmptyMapHasNoGroups() {
        swiss(0, 0, 0);
        assertThat(copy(SWISS, 4096)).isZero();
        assertKeys();
    }

    @Test
    void bucketsOverflow() {
        buckets(3, 0, 1, GROUPS, 0);
        put(0, 0, 5, 30);
        put(1, 7, 255, 31);
        put(4, 2, 77, 32);
        put(4, 3, 1, 99);
        memory.putLong(GROUPS + 56, GROUPS + 4 * GROUP_BYTES);
        assertThat(copy(BUCKETS, 4096)).isZero();
        assertKeys(30, 32, 31);
    }

    @Test
    void whatWasMovedFromOldBucketsIsNotShownTwice() {
        buckets(3, 0, 2, GROUPS, GROUPS + 8 * GROUP_BYTES);
        put(8, 0, 2, 40);
        put(8, 1, 3, 41);
        put(9, 0, 6, 42);
        put(0, 0, 9, 40);
        put(2, 0, 9, 41);
        // Behind the two old ones; in a map that grows to its own size this would be one more.
        put(10, 0, 9, 98);
        assertThat(copy(BUCKETS, 4096)).isZero();
        assertKeys(42, 40, 41);
        memory.put((int) HEADER + 8, (byte) 8);
        assertNotRead(BUCKETS);
        memory.putLong((int) HEADER, 4);
        assertThat(copy(BUCKETS, 4096)).isZero();
        assertKeys(42, 98, 40, 41);
    }

    @Test
    void asManyEntriesAsFitButOneAtLeast() {
        swiss(3, GROUPS, 0);
        put(0, 0, 1, 50);
        put(0, 1, 1, 51);
        put(0, 2, 1, 52);
        assertThat(copy(SWISS, 23)).isZero();
        assertKeys(50, 51);
        assertThat(copy(SWISS, 0)).isZero();
        assertKeys(50);
        assertThat(reader.length()).isEqualTo(3);
    }

    @Test
    void aMapThatIsBeingWrittenIsNotRead() {
        smallSwiss();
        memory.put((int) HEADER + 34, (byte) 1);
        assertNotRead(SWISS);
        buckets(0, 4, 0, GROUPS, 0);
        assertNotRead(BUCKETS);
    }

    @Test
    void aMapThatDoesNotHaveAsManyEntriesAsItSaysIsNotRead() {
        smallSwiss();
        memory.putLong((int) HEADER, 3);
        assertNotRead(SWISS);
        memory.putLong((int) HEADER, 1);
        assertNotRead(SWISS);
        memory.putLong((int) HEADER, 0);
        assertThat(copy(SWISS, 4096)).isZero();
        assertKeys();
    }

    /** Reads: the header, the group, the group again, the header again. */
    @Test
    void aMapThatChangesMeanwhileIsNotRead() {
        smallSwiss();
        assertThat(copy(SWISS, 4096)).isZero();
        assertThat(reads).isEqualTo(4);
        meanwhile.put(3, () -> put(0, 4, 5, 13));
        assertNotRead(SWISS);
        meanwhile.clear();
        put(0, 4, EMPTY, 0);
        meanwhile.put(4, () -> memory.put((int) HEADER + 34, (byte) 1));
        assertNotRead(SWISS);
        meanwhile.put(4, () -> memory.put((int) HEADER + 34, (byte) 0).putLong((int) HEADER, 3));
        memory.put((int) HEADER + 34, (byte) 0);
        assertNotRead(SWISS);
    }

    @Test
    void memoryThatCannotBeRead() {
        swiss(1, DIRECTORY, 1);
        table(0, 0, 0, 1);
        put(0, 0, 1, 60);
        for (long address : new long[] {DIRECTORY, TABLE + 16, TABLE + 24, GROUPS}) {
            unreadable.add(address);
            assertNotRead(SWISS);
            assertThat(reader.length()).isEqualTo(1);
            unreadable.clear();
        }
        unreadable.add(HEADER);
        assertThat(copy(SWISS, 4096)).isEqualTo(-14);
        unreadable.clear();
        assertThat(copy(SWISS, 4096)).isZero();
        assertKeys(60);
    }

    @Test
    void bucketsThatLeadInACircleComeToAnEnd() {
        buckets(5, 0, 0, GROUPS, 0);
        put(0, 0, 9, 70);
        memory.putLong(GROUPS + 56, GROUPS);
        assertThat(copy(BUCKETS, 4096)).isZero();
        assertThat(reader.isRead()).as("more entries than the map says it has").isFalse();
        memory.put(GROUPS, (byte) 0);
        assertThat(copy(BUCKETS, 4096)).isZero();
        assertKeys();
    }
}
