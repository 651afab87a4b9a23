package dev.tracetoll.tracing.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.golang.GoType;
import dev.tracetoll.golang.Location;
import dev.tracetoll.golang.MadeTypes;
import dev.tracetoll.golang.ProgramTypes;
import dev.tracetoll.golang.Variable;
import dev.tracetoll.tracing.plan.CaptureLimits;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.tracing.plan.TracePlan;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What a compact record leaves out is put back, so that the record is what {@link RecordWriter} writes of the same thread. */
class CompactRoundTripTest {

    private static final int SITE = 3;
    private static final int THREAD = (1 << 22) - 2;
    private static final long TIMESTAMP_NS = 5_000_000_007L;
    private static final long GOROUTINE = 11;
    private static final long FRAME = 0x1_0000_0040L;

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void expandedItIsTheWholeRecord(
            @ForAll long seed, @ForAll @IntRange(max = 200) int maxBytes, @ForAll @IntRange(max = 3) int depth) {
        Random random = new Random(seed);
        Memory memory = new Memory();
        RandomShapes shapes = new RandomShapes(random, memory, maxBytes);
        List<GoType> types = shapes.types();
        List<Variable> arguments = MadeTypes.arguments(types);
        TracePlan plan = Plans.of(arguments, shapes.values().program(), maxBytes, depth);
        SitePlan site = plan.sites().get(0);
        Shape shape = Shape.of(site, plan).orElseThrow();
        CompactRecord compact =
                new CompactRecord(ByteBuffer.allocate(CompactRecord.wholeBytes(shape)), SITE, site, shape, depth);

        // What one record leaves behind is not to be in the next.
        for (int i = 0; i < 3; i++) {
            shapes.pass(arguments, types);
            int at = 8 * random.nextInt(3);
            ByteBuffer written = write(shape, memory, at);
            ByteBuffer expanded = compact.expand(written, at);

            assertThat(written.position() - at).isLessThanOrEqualTo(CompactRecord.mostBytes(shape));
            ByteBuffer whole = new RecordWriter(plan).capture(site, memory, 0);
            whole.putInt(RecordFormat.SITE, SITE)
                    .putInt(RecordFormat.THREAD, THREAD)
                    .putLong(RecordFormat.TIMESTAMP_NS, TIMESTAMP_NS)
                    .putLong(RecordFormat.GOROUTINE, GOROUTINE)
                    .putLong(RecordFormat.FRAME, FRAME);
            assertThat(RandomShapes.say(expanded, site)).isEqualTo(RandomShapes.say(whole, site));
        }
    }

    @Test
    void itSaysHowLongItAndTheWholeRecordCanBe() {
        TracePlan plan = Plans.of(
                MadeTypes.arguments(List.of(
                        new GoType.Text("string"),
                        RandomValues.array(new GoType.Basic("int", GoType.BasicKind.INT, 8), 2))),
                ProgramTypes.none(),
                13,
                1);
        Shape shape = Shape.of(plan.sites().get(0), plan).orElseThrow();

        // A head, the word for what is on the stack, a string and two numbers, and 13 bytes.
        assertThat(CompactRecord.mostBytes(shape)).isEqualTo(32 + 8 + 32 + 16);
        assertThat(CompactRecord.wholeBytes(shape))
                .isGreaterThanOrEqualTo(RecordFormat.HEADER_BYTES + 2 * RecordFormat.BLOCK_HEADER_BYTES + 32 + 16)
                .isEqualTo(CaptureLimits.padded(CompactRecord.wholeBytes(shape)));
    }

    /** As a program compiled for the shape does. */
    private static ByteBuffer write(Shape shape, Memory memory, int at) {
        ByteBuffer record = Memory.buffer(at + CompactRecord.mostBytes(shape) + 1);
        Arrays.fill(record.array(), (byte) 0xa5);
        record.position(at + CompactRecord.image(shape));
        long unreadable = 0;
        for (int i = 0; i < shape.pieces().size(); i++) {
            SitePlan.Piece piece = shape.pieces().get(i);
            int to = record.position() + piece.offset();
            int size = piece.part().size();
            if (piece.part().location() instanceof Location.IntRegister register) {
                record.put(
                        to,
                        Memory.buffer(Long.BYTES)
                                .putLong(0, memory.integers[register.index()])
                                .array(),
                        0,
                        size);
            } else {
                long from = memory.stackArguments
                        + ((Location.StackSlot) piece.part().location()).offset();
                if (memory.read(from, record, to, size) != 0) {
                    record.put(to, new byte[size]);
                    unreadable |= 1L << i;
                }
            }
        }
        if (shape.onStack()) {
            record.putLong(at + CompactRecord.HEAD_BYTES, unreadable);
        }
        record.position(record.position() + shape.bytes());
        int flags = THREAD | CompactRecord.COMPACT;
        List<Shape.Text> texts = new ArrayList<>(shape.texts());
        for (int i = 0; i < texts.size(); i++) {
            Shape.Text text = texts.get(i);
            long address = memory.integers[text.address()];
            long count = memory.integers[text.length()];
            if (address == 0 || count <= 0) {
                continue;
            }
            int bytes = (int) Math.min(count, text.most()) * text.elementBytes();
            if (memory.read(address, record, record.position(), bytes) == 0) {
                record.position(record.position() + (bytes + 7) / 8 * 8);
            } else {
                flags |= CompactRecord.UNREADABLE_TEXT << i;
            }
        }
        return record.putInt(at + CompactRecord.SITE, SITE)
                .putInt(at + CompactRecord.THREAD, flags)
                .putLong(at + CompactRecord.TIMESTAMP_NS, TIMESTAMP_NS)
                .putLong(at + CompactRecord.GOROUTINE, GOROUTINE)
                .putLong(at + CompactRecord.FRAME, FRAME);
    }
}
