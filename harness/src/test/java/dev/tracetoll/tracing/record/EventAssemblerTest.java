package dev.tracetoll.tracing.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.golang.GoType;
import dev.tracetoll.golang.Location;
import dev.tracetoll.golang.Part;
import dev.tracetoll.golang.ProbeSite;
import dev.tracetoll.golang.ProgramTypes;
import dev.tracetoll.golang.RuntimeLayout;
import dev.tracetoll.golang.Signature;
import dev.tracetoll.golang.SiteKind;
import dev.tracetoll.golang.StackCheck;
import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.golang.Variable;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.TraceEvent;
import dev.tracetoll.tracing.Value;
import dev.tracetoll.tracing.plan.SiteClass;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.plan.TraceRequest;
import dev.tracetoll.x86.Code;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class EventAssemblerTest {

    private static final int CALL = 0;
    private static final int RETURN = 1;
    private static final int CHEAP_RETURN = 2;
    private static final int MANY = EventAssembler.MOST_STACKS + 1_000;
    private static final long FRAME = 64;
    private static final long STEPPED_RETURN = 0x1010;

    private final List<TraceEvent> events = new ArrayList<>();
    private final EventAssembler assembler = new EventAssembler(plan(), events::add);
    private long clockNs;

    @Test
    void everyGoroutineIsRememberedWhileNothingIsLost() {
        hits(CALL, 1, MANY);
        hits(RETURN, 1, MANY);

        assertThat(events).hasSize(2 * MANY);
        assertThat(events.subList(MANY, 2 * MANY))
                .allSatisfy(
                        event -> assertThat(((TraceEvent.Return) event).id()).isPositive());
        assertThat(assembler.counts(0, 0)).isEqualTo(new TraceCounts(MANY, MANY, 0, 0, 0));
    }

    @Test
    void anEventSaysOfWhatClassTheSiteIsThatSawIt() {
        hits(CALL, 1, 2);
        hit(RETURN, 1);
        hit(CHEAP_RETURN, 2);

        assertThat(events.subList(0, 2))
                .allSatisfy(
                        event -> assertThat(((TraceEvent.Call) event).site()).isEqualTo(SiteClass.EMULATED));
        assertThat(((TraceEvent.Return) events.get(2)).site()).isEqualTo(SiteClass.STEPPED);
        assertThat(((TraceEvent.Return) events.get(3)).site()).isEqualTo(SiteClass.EMULATED);
    }

    @Test
    void goroutinesWhoseReturnsMayBeLostAreForgottenWhenThereAreTooMany() {
        hits(CALL, 1, 2);
        assembler.lostSoFar(1);
        hits(CALL, 3, EventAssembler.MOST_STACKS);
        hit(RETURN, 2);
        hit(CALL, 2);
        events.clear();

        hits(CALL, EventAssembler.MOST_STACKS + 1, MANY);

        List<TraceEvent.NoReturn> forgotten = events.stream()
                .filter(TraceEvent.NoReturn.class::isInstance)
                .map(TraceEvent.NoReturn.class::cast)
                .toList();
        assertThat(forgotten)
                .hasSize(1_000)
                .allSatisfy(each -> assertThat(each.why()).contains("lost"));
        // Goroutine 2 has just been seen.
        assertThat(forgotten)
                .extracting(TraceEvent.NoReturn::goroutine)
                .startsWith(1L, 3L, 4L)
                .doesNotContain(2L);
        assembler.close("exit");
        TraceCounts counts = assembler.counts(0, 1);
        assertThat(counts.calls()).isEqualTo(counts.returns() + counts.noReturns());
    }

    @Test
    void aReturnOfACallThatBeganBeforeIsNoneOfTheReturns() {
        hits(CALL, 1, 2);
        hit(RETURN, 3);
        hit(RETURN, 1);
        assembler.lostSoFar(1);
        hit(RETURN, 4);
        assembler.close(EventAssembler.DETACHED);

        assertThat(events)
                .filteredOn(TraceEvent.UnpairedReturn.class::isInstance)
                .extracting(event -> ((TraceEvent.UnpairedReturn) event).why())
                .containsExactly("began before tracing", "unknown, events were lost");
        assertThat(assembler.counts(1, 0)).isEqualTo(new TraceCounts(2, 1, 1, 2, 1, 0));
    }

    @Test
    void noCallOutlivesTheExecutionOfAProgram() {
        hit(CALL, 1);
        hit(CALL, 2);
        assembler.executed(0);
        hit(CALL, 1);
        hit(RETURN, 1);

        assertThat(events.subList(2, 4))
                .extracting(event -> ((TraceEvent.NoReturn) event).why())
                .containsExactly("exec", "exec");
        assertThat(((TraceEvent.Call) events.get(4)).depth()).isZero();
        assertThat(((TraceEvent.Return) events.get(5)).id()).isEqualTo(3);
        assembler.close("exit");
        assertThat(assembler.counts(0, 0)).isEqualTo(new TraceCounts(3, 1, 2, 0, 0));
    }

    @Test
    void noStackGrowsOnBeyondTheExecutionOfAProgram() {
        EventAssembler growing = growing(new StackCheck(0x41, 0x1020));
        hit(growing, 7, 11, RecordFormat.FLAG_GROWING);
        growing.executed(0);
        hit(growing, 7, 22, RecordFormat.FLAG_GROWN);

        assertThat(calls()).containsExactly("call 22 at 2");
    }

    @Test
    void aCallThatGrowsItsStackIsReportedOnceWithTheArgumentsOfItsFirstHit() {
        EventAssembler growing = growing(new StackCheck(0x41, 0x1020));
        hit(growing, 7, 11, RecordFormat.FLAG_GROWING);
        hit(growing, 7, 22, RecordFormat.FLAG_GROWING | RecordFormat.FLAG_GROWN);
        assertThat(events).isEmpty();
        hit(growing, 7, 33, RecordFormat.FLAG_GROWN);
        hit(growing, 7, 44, 0);

        assertThat(calls()).containsExactly("call 11 at 3", "call 44 at 4");
    }

    @Test
    void whatALostHitLeftBehindBelongsToNoOtherCall() {
        EventAssembler growing = growing(new StackCheck(0x41, 0x1020));
        hit(growing, 7, 11, RecordFormat.FLAG_GROWING);
        // The call itself is lost; the next one does not grow the stack.
        hit(growing, 7, 22, 0);
        hit(growing, 7, 33, RecordFormat.FLAG_GROWING);
        hit(growing, 7, 44, RecordFormat.FLAG_GROWN);

        assertThat(calls()).containsExactly("call 22 at 2", "call 33 at 4");
    }

    @Test
    void ofVeryManyCallsThatNeverComeBackTheFirstAreForgotten() {
        EventAssembler growing = growing(new StackCheck(0x41, 0x1020));
        for (int goroutine = 1; goroutine <= EventAssembler.MOST_STACKS + 1; goroutine++) {
            hit(growing, goroutine, 11, RecordFormat.FLAG_GROWING);
        }
        hit(growing, 1, 22, RecordFormat.FLAG_GROWN);
        hit(growing, 2, 33, RecordFormat.FLAG_GROWN);

        assertThat(events)
                .extracting(
                        event -> ((TraceEvent.Call) event).arguments().get(0).value())
                .containsExactly(new Value.Signed(22), new Value.Signed(11));
    }

    @Test
    void atTheEntryACallThatIsOpenAlreadyHasComeBack() {
        EventAssembler atEntry = growing(new StackCheck(0, 0x1000));
        hit(atEntry, 7, 11, 0);
        hit(atEntry, 7, 22, 0);
        hit(atEntry, 8, 33, 0);

        assertThat(calls()).containsExactly("call 11 at 1", "call 33 at 3");
    }

    /** Of a function that takes an int in a register. */
    private EventAssembler growing(StackCheck check) {
        GoType.Basic number = new GoType.Basic("int", GoType.BasicKind.INT, Long.BYTES);
        return new EventAssembler(
                plan(
                        Optional.of(check),
                        List.of(new Variable(
                                "n", number, List.of(new Part(new Location.IntRegister(0), 0, Long.BYTES))))),
                events::add);
    }

    private List<String> calls() {
        return events.stream()
                .filter(TraceEvent.Call.class::isInstance)
                .map(TraceEvent.Call.class::cast)
                .map(call -> "call " + ((Value.Signed) call.arguments().get(0).value()).value() + " at "
                        + call.timestampNs())
                .toList();
    }

    private void hit(EventAssembler growing, int goroutine, long argument, int flags) {
        int image = RecordFormat.HEADER_BYTES + RecordFormat.BLOCK_HEADER_BYTES;
        ByteBuffer record = ByteBuffer.allocate(image + Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        record.putInt(RecordFormat.SITE, CALL)
                .putLong(RecordFormat.TIMESTAMP_NS, ++clockNs)
                .putLong(RecordFormat.GOROUTINE, goroutine)
                .putLong(RecordFormat.FRAME, FRAME)
                .putInt(RecordFormat.FLAGS, flags)
                .putInt(RecordFormat.LENGTH, record.capacity());
        record.putInt(RecordFormat.HEADER_BYTES + RecordFormat.BLOCK_BYTES, Long.BYTES)
                .putInt(RecordFormat.HEADER_BYTES + RecordFormat.BLOCK_COUNT, 1)
                .putLong(image, argument);
        growing.record(record, register -> null);
    }

    private void hits(int site, int firstGoroutine, int lastGoroutine) {
        for (int goroutine = firstGoroutine; goroutine <= lastGoroutine; goroutine++) {
            hit(site, goroutine);
        }
    }

    private void hit(int site, int goroutine) {
        ByteBuffer record = ByteBuffer.allocate(RecordFormat.HEADER_BYTES + RecordFormat.BLOCK_HEADER_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        record.putInt(RecordFormat.SITE, site)
                .putLong(RecordFormat.TIMESTAMP_NS, ++clockNs)
                .putLong(RecordFormat.GOROUTINE, goroutine)
                .putLong(RecordFormat.FRAME, FRAME)
                .putInt(RecordFormat.LENGTH, record.capacity());
        assembler.record(record, register -> null);
    }

    private static TracePlan plan() {
        return plan(Optional.empty(), List.of());
    }

    private static TracePlan plan(Optional<StackCheck> check, List<Variable> arguments) {
        TracedFunction function = new TracedFunction(
                "main.work",
                arguments,
                List.of(),
                site(SiteKind.ENTRY, 0x1000, check),
                List.of(
                        site(SiteKind.RETURN, STEPPED_RETURN, Optional.empty()),
                        site(SiteKind.RETURN, 0x1020, Optional.empty())),
                false,
                new Signature(Signature.Kind.KNOWN, ""),
                false,
                false);
        RuntimeLayout runtime = new RuntimeLayout(
                152,
                8,
                OptionalInt.of(-8),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return new TracePlan(
                new TraceRequest(Path.of("program"), List.of(function), runtime, ProgramTypes.none(), true, 64, 1),
                displaced -> displaced.address() == STEPPED_RETURN ? SiteClass.STEPPED : SiteClass.EMULATED);
    }

    private static ProbeSite site(SiteKind kind, long address, Optional<StackCheck> check) {
        return new ProbeSite(kind, Code.one(address, "c3"), address, 0, check);
    }
}
