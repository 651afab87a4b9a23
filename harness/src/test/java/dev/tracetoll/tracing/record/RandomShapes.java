package dev.tracetoll.tracing.record;

import dev.tracetoll.golang.GoType;
import dev.tracetoll.golang.GoType.BasicKind;
import dev.tracetoll.golang.Location;
import dev.tracetoll.golang.Variable;
import dev.tracetoll.tracing.plan.CaptureLimits;
import dev.tracetoll.tracing.plan.SitePlan;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/** Random arguments of functions whose entries have a {@link Shape}. */
public final class RandomShapes {

    private static final int INTEGER_REGISTERS = 9;

    private final Random random;
    private final Memory memory;
    private final int maxBytes;
    private final RandomValues values;

    public RandomShapes(Random random, Memory memory, int maxBytes) {
        this.random = random;
        this.memory = memory;
        this.maxBytes = maxBytes;
        values = new RandomValues(random, memory, maxBytes, 0);
    }

    public RandomValues values() {
        return values;
    }

    /** Two texts at most, both in registers, among numbers, of which some are on the stack. */
    public List<GoType> types() {
        List<GoType> types = new ArrayList<>();
        int registers = 0;
        for (int texts = maxBytes > 0 ? random.nextInt(3) : 0; texts > 0; texts--) {
            for (int numbers = random.nextInt(2); numbers > 0; numbers--, registers++) {
                types.add(number());
            }
            GoType text = random.nextBoolean() ? new GoType.Text("string") : RandomValues.slice(plain());
            registers += text.size() / Long.BYTES;
            types.add(text);
        }
        for (int i = random.nextInt(INTEGER_REGISTERS - registers + 2); i > 0; i--) {
            types.add(number());
        }
        for (int i = random.nextInt(2); i > 0; i--) {
            // More than one element is passed on the stack.
            types.add(RandomValues.array(number(), 2 + random.nextInt(3)));
        }
        return types;
    }

    private GoType number() {
        return new GoType.Basic("int", random.nextBoolean() ? BasicKind.INT : BasicKind.UINT, 1 << random.nextInt(4));
    }

    private GoType plain() {
        return random.nextBoolean() ? number() : RandomValues.array(number(), 1 + random.nextInt(5));
    }

    /** Passes a value of each type; what goes on the stack sometimes not, so that it cannot be read. */
    public void pass(List<Variable> arguments, List<GoType> types) {
        memory.forgetStack();
        for (int register = 0; register < INTEGER_REGISTERS; register++) {
            memory.integers[register] = random.nextLong();
        }
        for (int i = 0; i < types.size(); i++) {
            boolean onStack =
                    arguments.get(i).parts().stream().anyMatch(part -> part.location() instanceof Location.StackSlot);
            if (!onStack || random.nextInt(8) > 0) {
                memory.pass(arguments.get(i), values.make(types.get(i), 2).image());
            }
        }
    }

    /** All that a record says; what fills its blocks up to 8 bytes says nothing. */
    public static String say(ByteBuffer record, SitePlan site) {
        StringBuilder said =
                new StringBuilder().append(HexFormat.of().formatHex(bytes(record, 0, RecordFormat.HEADER_BYTES)));
        int image = RecordFormat.HEADER_BYTES + RecordFormat.BLOCK_HEADER_BYTES;
        TreeMap<Integer, String> pieces = new TreeMap<>();
        for (SitePlan.Piece piece : site.pieces()) {
            pieces.put(
                    piece.offset(),
                    HexFormat.of()
                            .formatHex(bytes(
                                    record, image + piece.offset(), piece.part().size())));
        }
        int length = record.getInt(RecordFormat.LENGTH);
        for (int block = RecordFormat.HEADER_BYTES; block < length; ) {
            int size = Math.max(0, record.getInt(block + RecordFormat.BLOCK_BYTES));
            int start = block + RecordFormat.BLOCK_HEADER_BYTES;
            said.append('\n')
                    .append(HexFormat.of().formatHex(bytes(record, block, RecordFormat.BLOCK_HEADER_BYTES)))
                    .append(' ')
                    .append(start == image ? pieces : HexFormat.of().formatHex(bytes(record, start, size)));
            block = start + CaptureLimits.padded(size);
        }
        return said.toString();
    }

    private static byte[] bytes(ByteBuffer record, int at, int count) {
        byte[] bytes = new byte[count];
        record.get(at, bytes);
        return bytes;
    }
}
