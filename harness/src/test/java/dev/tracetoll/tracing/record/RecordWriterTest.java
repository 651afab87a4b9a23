package dev.tracetoll.tracing.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tracetoll.golang.GoType;
import dev.tracetoll.golang.GoType.BasicKind;
import dev.tracetoll.golang.MadeTypes;
import dev.tracetoll.golang.MapLayout;
import dev.tracetoll.golang.ProgramTypes;
import dev.tracetoll.golang.Variable;
import dev.tracetoll.tracing.plan.CaptureLimits;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.tracing.plan.TracePlan;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How far a record goes, and what its blocks say; what values are read from them is {@link RoundTripTest}'s matter. */
class RecordWriterTest {

    private static final GoType TEXT = new GoType.Text("string");
    private static final GoType ERROR = new GoType.Interface("error", true);
    private static final GoType ANY = new GoType.Interface("any", false);
    private static final GoType INT = new GoType.Basic("int", BasicKind.INT, Long.BYTES);
    private static final long DESCRIPTION = 0x500000;
    private static final int LARGEST = CaptureLimits.MAX_BLOCK_BYTES;

    /** What a block's head says. */
    private record Block(int type, int bytes, int count, int depth, long address) {}

    private final Memory memory = new Memory();

    private static TracePlan plan(int depth, GoType... types) {
        return plan(ProgramTypes.none(), depth, types);
    }

    private static TracePlan plan(ProgramTypes program, int depth, GoType... types) {
        return Plans.of(MadeTypes.arguments(List.of(types)), program, LARGEST, depth);
    }

    private void pass(TracePlan plan, int argument, long... words) {
        Variable variable = plan.sites().get(0).variables().get(argument);
        ByteBuffer image = Memory.buffer(variable.type().size());
        Arrays.stream(words, 0, Math.min(words.length, image.capacity() / Long.BYTES))
                .forEach(image::putLong);
        memory.pass(variable, image);
    }

    private ByteBuffer capture(TracePlan plan) {
        return new RecordWriter(plan).capture(plan.sites().get(0), memory, 0);
    }

    private static boolean isFull(ByteBuffer record) {
        return (record.getInt(RecordFormat.FLAGS) & RecordFormat.FLAG_FULL) != 0;
    }

    private static List<Block> blocks(ByteBuffer record) {
        List<Block> blocks = new ArrayList<>();
        int at = RecordFormat.HEADER_BYTES;
        while (at < record.getInt(RecordFormat.LENGTH)) {
            Block block = new Block(
                    record.getInt(at + RecordFormat.BLOCK_TYPE),
                    record.getInt(at + RecordFormat.BLOCK_BYTES),
                    record.getInt(at + RecordFormat.BLOCK_COUNT),
                    record.getInt(at + RecordFormat.BLOCK_DEPTH),
                    record.getLong(at + RecordFormat.BLOCK_ADDRESS));
            blocks.add(block);
            at += RecordFormat.BLOCK_HEADER_BYTES + CaptureLimits.padded(Math.max(0, block.bytes));
        }
        assertThat(at).isEqualTo(record.getInt(RecordFormat.LENGTH));
        return blocks;
    }

    private static GoType.Pointer pointerTo(GoType element) {
        return new GoType.Pointer("*" + element.name(), Optional.of(MadeTypes.to(() -> element)));
    }

    private static ProgramTypes holding(GoType dynamic) {
        return MadeTypes.program(Map.of(DESCRIPTION, MadeTypes.to(() -> dynamic)), Map.of(), 0);
    }

    @Test
    void theHeadSaysWhereTheSiteIsInTheProcess() {
        TracePlan plan = plan(1, INT);
        ByteBuffer record = new RecordWriter(plan).capture(plan.sites().get(0), memory, 0x7000);

        assertThat(record.getLong(RecordFormat.ADDRESS)).isEqualTo(Plans.ENTRY + 0x7000);
        assertThat(record.getLong(RecordFormat.UNREADABLE)).isZero();
        assertThat(isFull(record)).isFalse();
    }

    @Test
    void whatCannotBeReadOnTheStackIsMarkedAndHasNoContent() {
        GoType pair = RandomValues.array(INT, 2);
        TracePlan plan = plan(1, pair, INT, pair, pair);
        SitePlan site = plan.sites().get(0);
        RecordWriter writer = new RecordWriter(plan);
        for (int argument : new int[] {0, 2, 3}) {
            pass(plan, argument, 5, 6);
        }
        assertThat(writer.capture(site, memory, 0).getLong(RecordFormat.UNREADABLE))
                .isZero();

        memory.forgetStack();
        pass(plan, 2, 7, 8);
        ByteBuffer record = writer.capture(site, memory, 0);

        assertThat(record.getLong(RecordFormat.UNREADABLE)).isEqualTo(0b1001);
        int image = RecordFormat.HEADER_BYTES + RecordFormat.BLOCK_HEADER_BYTES;
        for (int word = 0; word < 2; word++) {
            assertThat(record.getLong(image + site.offset(0) + word * Long.BYTES))
                    .isZero();
            assertThat(record.getLong(image + site.offset(2) + word * Long.BYTES))
                    .isEqualTo(7 + word);
            assertThat(record.getLong(image + site.offset(3) + word * Long.BYTES))
                    .isZero();
        }
    }

    @Test
    void aBlockSaysHowFarPointersAreStillFollowed() {
        GoType pointer = pointerTo(pointerTo(pointerTo(INT)));
        TracePlan plan = plan(2, pointer);
        long innermost = memory.place(Memory.buffer(8).putLong(0, memory.hole()));
        long inner = memory.place(Memory.buffer(8).putLong(0, innermost));
        pass(plan, 0, inner);

        assertThat(blocks(capture(plan)))
                .extracting(Block::depth, Block::bytes, Block::count)
                .containsExactly(tuple(2, 8, 1), tuple(1, 8, 1), tuple(0, 8, 1));
    }

    @Test
    void ofSomethingLargeTheFrontIsCaptured() {
        GoType large = RandomValues.array(INT, 600);
        TracePlan plan = plan(1, pointerTo(large));
        pass(plan, 0, memory.place(Memory.buffer(large.size())));

        assertThat(blocks(capture(plan)).get(1).bytes).isEqualTo(LARGEST);
    }

    @Test
    void whatLiesBehindTheFrontIsNotFollowed() {
        for (int offset : new int[] {LARGEST - 16, LARGEST - 8, LARGEST - 4, LARGEST}) {
            GoType.Struct large = new GoType.Struct(
                    "main.Large", List.of(new GoType.Field("p", pointerTo(INT), offset)), LARGEST + 8);
            TracePlan plan = plan(2, pointerTo(large), TEXT);
            ByteBuffer image = Memory.buffer(large.size()).putLong(offset, memory.place(Memory.buffer(8)));
            pass(plan, 0, memory.place(image));
            pass(plan, 1, memory.place(Memory.buffer(5)), 5);

            assertThat(blocks(capture(plan))).hasSize(offset + 8 <= LARGEST ? 4 : 3);
        }
    }

    @Test
    void howMuchOfMapsIsLookedAtIsCountedForEachRecord() {
        GoType.Struct entry =
                new GoType.Struct("", List.of(new GoType.Field("key", INT, 0), new GoType.Field("elem", INT, 8)), 16);
        GoType map = new GoType.GoMap(
                "map[int]int",
                Optional.of(new MapLayout(
                        new MapLayout.Swiss(48, 0, 16, 24, 34, 16, 24),
                        new MapLayout.Group(
                                136,
                                0,
                                new MapLayout.Slots(8, 16),
                                new MapLayout.Slots(16, 16),
                                MapLayout.Group.NO_OVERFLOW),
                        MadeTypes.to(() -> entry))));
        TracePlan plan = plan(1, map);
        pass(plan, 0, memory.place(Memory.buffer(48).putLong(0, 8).putLong(16, memory.place(Memory.buffer(136)))));
        RecordWriter writer = new RecordWriter(plan);

        for (int record = 0; record < RecordFormat.MAX_MAP_STEPS / MapLayout.SLOTS + 2; record++) {
            assertThat(blocks(writer.capture(plan.sites().get(0), memory, 0)).get(1).count)
                    .isEqualTo(8);
        }
    }

    @Test
    void whatAnInterfaceHoldsIsOneWordOrElsewhere() {
        TracePlan plan = plan(holding(pointerTo(INT)), 0, ANY, ERROR);
        int type = plan.dynamicTypes().get(DESCRIPTION).type();
        pass(plan, 0, DESCRIPTION, 77);
        pass(plan, 1, memory.place(Memory.buffer(16).putLong(8, DESCRIPTION)), 78);
        ByteBuffer record = capture(plan);
        assertThat(blocks(record).subList(1, 3)).containsOnly(new Block(type, Long.BYTES, 1, 0, DESCRIPTION));
        int end = record.getInt(RecordFormat.LENGTH);
        assertThat(record.getLong(end - Long.BYTES)).isEqualTo(78);

        TracePlan elsewhere = plan(holding(INT), 0, ANY);
        pass(elsewhere, 0, DESCRIPTION, memory.place(Memory.buffer(8).putLong(0, 79)));
        record = capture(elsewhere);
        assertThat(record.getLong(record.getInt(RecordFormat.LENGTH) - Long.BYTES))
                .isEqualTo(79);
    }

    /** Fills a record but for so many bytes up to where the last block may begin, and passes one more string of 4096 bytes. */
    private TracePlan fill(ProgramTypes program, int rest, GoType last) {
        TracePlan plan = plan(program, 1, TEXT, TEXT, TEXT, TEXT, TEXT, last);
        int head = RecordFormat.BLOCK_HEADER_BYTES;
        int left = RecordFormat.LAST_BLOCK_AT
                - RecordFormat.HEADER_BYTES
                - head
                - plan.sites().get(0).size()
                - 3 * (head + LARGEST);
        for (int text = 0; text < 5; text++) {
            int length = text == 3 ? left - head - rest : LARGEST;
            pass(plan, text, memory.place(Memory.buffer(length)), length);
        }
        return plan;
    }

    @Test
    void theLastBlockMayBeginWhereTheLimitIsAndBeOfAnySize() {
        ByteBuffer record = capture(fill(ProgramTypes.none(), 0, INT));

        assertThat(record.getInt(RecordFormat.LENGTH)).isEqualTo(RecordFormat.MAX_BYTES);
        assertThat(isFull(record)).isFalse();
    }

    @Test
    void noBlockBeginsBehindTheLimit() {
        ByteBuffer record = capture(fill(ProgramTypes.none(), -8, INT));

        assertThat(isFull(record)).isTrue();
        assertThat(blocks(record)).hasSize(5);
    }

    @Test
    void whatNoRoomIsLeftForMakesARecordFull() {
        for (GoType last : List.of(ANY, ERROR, pointerTo(INT), new GoType.Func("func()"))) {
            for (GoType held : List.of(INT, pointerTo(INT))) {
                TracePlan plan = fill(holding(held), 0, last);
                long word = last == ANY
                        ? DESCRIPTION
                        : memory.place(Memory.buffer(16).putLong(8, DESCRIPTION));
                pass(plan, 5, word, memory.place(Memory.buffer(8)));
                ByteBuffer record = capture(plan);

                assertThat(isFull(record)).as(last.name()).isTrue();
                assertThat(record.getInt(RecordFormat.LENGTH)).isEqualTo(RecordFormat.MAX_BYTES);
            }
        }
    }

    @Test
    void inAFullRecordThereIsNoRoomForAnErrorEither() {
        TracePlan plan = fill(ProgramTypes.none(), 0, ERROR);
        pass(plan, 5, memory.hole(), 1);
        ByteBuffer record = capture(plan);

        assertThat(isFull(record)).isTrue();
        assertThat(record.getInt(RecordFormat.LENGTH)).isEqualTo(RecordFormat.MAX_BYTES);
    }

    @Test
    void anErrorAsTheLastBlockIsNotWhatMakesARecordFull() {
        GoType pair = RandomValues.array(ERROR, 1);
        TracePlan plan = plan(1, TEXT, TEXT, TEXT, TEXT, pair);
        int head = RecordFormat.BLOCK_HEADER_BYTES;
        int left = RecordFormat.LAST_BLOCK_AT
                - RecordFormat.HEADER_BYTES
                - head
                - plan.sites().get(0).size()
                - 3 * (head + LARGEST);
        for (int text = 0; text < 4; text++) {
            int length = text == 3 ? left - head : LARGEST;
            pass(plan, text, memory.place(Memory.buffer(length)), length);
        }
        pass(plan, 4, memory.hole(), 1);
        ByteBuffer record = capture(plan);

        assertThat(blocks(record).get(5)).isEqualTo(new Block(RecordFormat.UNKNOWN_TYPE, -Memory.EFAULT, 0, 1, 0));
        assertThat(isFull(record)).isFalse();
    }

    /** A struct with that many pointers in one place, as only damaged debugging information has it. */
    private static GoType overlapping(int pointers) {
        return new GoType.Struct(
                "main.Damaged", Collections.nCopies(pointers, new GoType.Field("f", pointerTo(INT), 0)), Long.BYTES);
    }

    /** The steps: a slice each and their block, 15 times 256 and the others, and the two blocks. */
    private boolean isFullWith(int others) {
        TracePlan plan = plan(1, RandomValues.slice(overlapping(256)), RandomValues.slice(overlapping(others)));
        pass(plan, 0, memory.place(Memory.buffer(15 * Long.BYTES)), 15, 15);
        pass(plan, 1, memory.place(Memory.buffer(Long.BYTES)), 1, 1);
        return isFull(capture(plan));
    }

    @Test
    void onlySoManyReferencesAndBlocksAreVisited() {
        int others = RecordFormat.MAX_STEPS - 2 - 1 - 15 * 256 - 2;
        assertThat(isFullWith(others)).isFalse();
        assertThat(isFullWith(others + 1)).isTrue();
        assertThat(isFullWith(others + 2)).isTrue();
    }
}
