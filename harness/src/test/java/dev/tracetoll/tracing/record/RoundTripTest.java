package dev.tracetoll.tracing.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.golang.GoType;
import dev.tracetoll.golang.Location;
import dev.tracetoll.golang.MadeTypes;
import dev.tracetoll.golang.Variable;
import dev.tracetoll.tracing.NamedValue;
import dev.tracetoll.tracing.TraceEvent;
import dev.tracetoll.tracing.Value;
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

/** What is in a thread's memory comes out of the record of it, whatever it is: cut where it is too long, and where it cannot be read said so. */
class RoundTripTest {

    /** A call with random arguments, its record, and what should be seen of it. */
    private static final class Call {

        private final TracePlan plan;
        private final ByteBuffer record;
        private final List<Value> expected = new ArrayList<>();

        Call(
                Random random,
                Memory memory,
                RandomValues values,
                List<GoType> types,
                int maxBytes,
                int depth,
                long bias) {
            List<Variable> arguments = MadeTypes.arguments(types);
            plan = Plans.of(arguments, values.program(), maxBytes, depth);
            assertThat(values.agreesWith(plan)).isTrue();
            SitePlan site = plan.sites().get(0);
            Arrays.setAll(memory.integers, register -> random.nextLong());
            Arrays.setAll(memory.floats, register -> random.nextLong());
            for (int i = 0; i < arguments.size(); i++) {
                RandomValues.Made made = values.make(types.get(i), depth + 2);
                boolean there = !isOnStack(arguments.get(i)) || random.nextInt(12) > 0;
                if (there) {
                    memory.pass(arguments.get(i), made.image());
                }
                expected.add(
                        site.offset(i) < 0
                                ? new Value.Unreadable("too many arguments or results to capture them all")
                                : there
                                        ? made.seen().at(depth)
                                        : new Value.Unreadable("its place on the stack cannot be read"));
            }
            record = new RecordWriter(plan).capture(site, memory, bias);
        }

        private static boolean isOnStack(Variable variable) {
            return variable.parts().stream().anyMatch(part -> part.location() instanceof Location.StackSlot);
        }

        boolean isFull() {
            return (record.getInt(RecordFormat.FLAGS) & RecordFormat.FLAG_FULL) != 0;
        }

        List<Value> seen() {
            List<TraceEvent> events = new ArrayList<>();
            new EventAssembler(plan, events::add).record(record, register -> null);
            return ((TraceEvent.Call) events.get(0))
                    .arguments().stream().map(NamedValue::value).toList();
        }
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void whatIsWrittenIsReadBack(
            @ForAll long seed,
            @ForAll @IntRange(max = 3) int nested,
            @ForAll @IntRange(max = 100) int maxBytes,
            @ForAll @IntRange(max = 4) int depth) {
        Random random = new Random(seed);
        Memory memory = new Memory();
        long bias = (long) random.nextInt(16) << 12;
        RandomValues values = new RandomValues(random, memory, maxBytes, bias);
        List<GoType> types = new ArrayList<>();
        for (int i = random.nextInt(5); i >= 0; i--) {
            types.add(values.type(nested));
        }

        Call call = new Call(random, memory, values, types, maxBytes, depth, bias);

        assertThat(call.isFull()).isFalse();
        assertThat(call.seen().stream().map(Values::say))
                .containsExactlyElementsOf(
                        call.expected.stream().map(Values::say).toList());
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void ofARecordThatIsFullWhatIsThereIsRight(
            @ForAll long seed, @ForAll @IntRange(max = 4096) int maxBytes, @ForAll @IntRange(max = 3) int depth) {
        Random random = new Random(seed);
        Memory memory = new Memory();
        RandomValues values = new RandomValues(random, memory, maxBytes, 0).mostElements(50);
        GoType.Text text = new GoType.Text("string");
        List<GoType> types =
                List.of(RandomValues.array(text, 20), RandomValues.slice(values.type(1)), values.type(1), text);

        Call call = new Call(random, memory, values, types, maxBytes, depth, 0);

        assertThat(call.record.getInt(RecordFormat.LENGTH)).isLessThanOrEqualTo(RecordFormat.MAX_BYTES);
        for (int i = 0; i < types.size(); i++) {
            Value expected = call.expected.get(i);
            Value seen = call.seen().get(i);
            assertThat(
                            call.isFull()
                                    ? Values.isSameOrMissing(expected, seen)
                                    : Values.say(seen).equals(Values.say(expected)))
                    .as("%s%nand%n%s", Values.say(expected), Values.say(seen))
                    .isTrue();
        }
    }
}
