package dev.tracetoll.tracing.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.golang.ProbeSite;
import dev.tracetoll.golang.ProgramTypes;
import dev.tracetoll.golang.RuntimeLayout;
import dev.tracetoll.golang.Signature;
import dev.tracetoll.golang.SiteKind;
import dev.tracetoll.golang.StackCheck;
import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.TraceEvent;
import dev.tracetoll.tracing.plan.SiteClass;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.plan.TraceRequest;
import dev.tracetoll.x86.Code;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Calls that return, and those that do not: of several functions, on several stacks. */
class GoroutinesTest {

    private static final int THREAD = 4711;
    /** Functions A, B, … have their entry here, and their return behind it; what tail calls is called {@code tail}. */
    private static final long A = 0x1000;

    private static final long B = 0x1100;
    private static final long TAIL = 0x1200;
    private static final long CHECKED = 0x1300;
    private static final long WITHOUT_RETURNS = 0x1400;
    private static final long RETURN = 0x10;
    private static final long PANIC = 0x2000;
    private static final long GOEXIT = 0x3000;

    private final List<String> events = new ArrayList<>();
    private TracePlan plan = plan(true, PANIC, GOEXIT);
    private EventAssembler assembler;
    private long clockNs;

    GoroutinesTest() {
        trace(plan);
    }

    private void trace(TracePlan what) {
        plan = what;
        events.clear();
        assembler = new EventAssembler(plan, event -> events.add(say(event)));
    }

    private static TracePlan plan(boolean returns, long panic, long goexit) {
        RuntimeLayout runtime = new RuntimeLayout(
                152,
                8,
                OptionalInt.empty(),
                Optional.empty(),
                Optional.of(site(SiteKind.ENTRY, panic, Optional.empty())),
                Optional.of(site(SiteKind.ENTRY, goexit, Optional.empty())),
                Optional.empty(),
                Optional.empty());
        List<TracedFunction> functions = List.of(
                function("A", A, Optional.empty(), false),
                function("B", B, Optional.empty(), false),
                function("tail", TAIL, Optional.empty(), true),
                function("checked", CHECKED, Optional.of(new StackCheck(0, CHECKED)), false),
                function("entry", WITHOUT_RETURNS, Optional.empty(), false).withoutReturns());
        return new TracePlan(
                new TraceRequest(Path.of("program"), functions, runtime, ProgramTypes.none(), returns, 64, 1),
                displaced -> SiteClass.EMULATED);
    }

    private static TracedFunction function(String name, long entry, Optional<StackCheck> check, boolean tailCalls) {
        return new TracedFunction(
                name,
                List.of(),
                List.of(),
                site(SiteKind.ENTRY, entry, check),
                List.of(site(SiteKind.RETURN, entry + RETURN, Optional.empty())),
                false,
                new Signature(Signature.Kind.KNOWN, ""),
                false,
                tailCalls);
    }

    private static ProbeSite site(SiteKind kind, long address, Optional<StackCheck> check) {
        return new ProbeSite(kind, Code.one(address, "c3"), address, 0, check);
    }

    private static String say(TraceEvent event) {
        String function = event.function().name() + event.id() + "@" + event.goroutine();
        if (event instanceof TraceEvent.Call call) {
            return "call " + function + " in " + call.depth();
        }
        if (event instanceof TraceEvent.Return done) {
            return "return " + function + " in " + done.depth() + " after " + done.durationNs();
        }
        return event instanceof TraceEvent.NoReturn gone
                ? "no return " + function + ": " + gone.why()
                : "unpaired " + function + " in " + ((TraceEvent.UnpairedReturn) event).depth() + ": "
                        + ((TraceEvent.UnpairedReturn) event).why();
    }

    private void hit(long address, long stack, long frame) {
        hit(address, stack, frame, THREAD);
    }

    private void hit(long address, long stack, long frame, int thread) {
        int site = IntStream.range(0, plan.sites().size())
                .filter(i -> plan.sites().get(i).site().address() == address)
                .findFirst()
                .orElseThrow();
        ByteBuffer record = Memory.buffer(RecordFormat.HEADER_BYTES + RecordFormat.BLOCK_HEADER_BYTES);
        record.putInt(RecordFormat.SITE, site)
                .putInt(RecordFormat.THREAD, thread)
                .putLong(RecordFormat.TIMESTAMP_NS, ++clockNs)
                .putLong(RecordFormat.GOROUTINE, stack)
                .putLong(RecordFormat.FRAME, frame)
                .putInt(RecordFormat.LENGTH, record.capacity());
        assembler.record(record, register -> null);
    }

    private void assertCounts(int calls, int returns, int noReturns) {
        assertThat(assembler.counts(0, 0)).isEqualTo(new TraceCounts(calls, returns, noReturns, 0, 0, 0));
    }

    @Test
    void aReturnBelongsToTheCallOfItsFrameOnItsStack() {
        hit(A, 1, 64);
        hit(A, 2, 64);
        hit(B, 1, 96);
        hit(A, 1, 128);
        hit(A + RETURN, 1, 128);
        hit(B + RETURN, 1, 96);
        hit(A + RETURN, 2, 64);
        hit(A + RETURN, 1, 64);

        assertThat(events)
                .containsExactly(
                        "call A1@1 in 0",
                        "call A2@2 in 0",
                        "call B3@1 in 1",
                        "call A4@1 in 2",
                        "return A4@1 in 2 after 1",
                        "return B3@1 in 1 after 3",
                        "return A2@2 in 0 after 5",
                        "return A1@1 in 0 after 7");
        assertCounts(4, 4, 0);
    }

    @Test
    void aCallWhoseFrameIsNoLongerThereWillNotReturn() {
        hit(A, 1, 64);
        hit(B, 1, 96);
        hit(A, 1, 128);
        // Deeper than A, as deep as the inner A: the one below it is gone as well.
        hit(B, 1, 96);
        hit(A + RETURN, 1, 64);

        assertThat(events.subList(3, events.size()))
                .containsExactly(
                        "no return A3@1: unwound",
                        "no return B2@1: unwound",
                        "call B4@1 in 1",
                        "no return B4@1: unwound",
                        "return A1@1 in 0 after 4");
        assertCounts(4, 1, 3);
    }

    @Test
    void aFunctionThatEndsByJumpingToAnotherDoesNotReturnItself() {
        hit(TAIL, 1, 64);
        hit(B, 1, 64);
        hit(B + RETURN, 1, 64);
        hit(TAIL, 1, 64);
        hit(A + RETURN, 1, 64);

        assertThat(events)
                .containsExactly(
                        "call tail1@1 in 0",
                        "no return tail1@1: tailCall",
                        "call B2@1 in 0",
                        "return B2@1 in 0 after 1",
                        "call tail3@1 in 0",
                        "no return tail3@1: tailCall",
                        "unpaired A0@1 in 0: began before tracing");
    }

    @Test
    void aPanicThatIsNotRecoveredEndsAllCalls() {
        hit(A, 1, 64);
        hit(B, 1, 96);
        hit(PANIC, 1, 128);
        assembler.close(EventAssembler.EXIT);

        assertThat(events.subList(2, 4)).containsExactly("no return A1@1: panic", "no return B2@1: panic");
        assertCounts(2, 0, 2);
    }

    @Test
    void nobodyKnowsWhatWouldHaveBecomeOfAPanicThatIsUnderWay() {
        hit(A, 1, 64);
        hit(PANIC, 1, 128);
        assembler.close(EventAssembler.DETACHED);

        assertThat(events.get(1)).isEqualTo("no return A1@1: detached");
    }

    @Test
    void aPanicEndsTheCallsUpToWhereItIsRecovered() {
        hit(A, 1, 64);
        hit(B, 1, 96);
        hit(A, 1, 128);
        hit(PANIC, 1, 160);
        // A deferred function, which runs on top of the panic.
        hit(B, 1, 192);
        hit(B + RETURN, 1, 192);
        // B has recovered, and returns in the ordinary way.
        hit(B + RETURN, 1, 96);
        hit(B, 1, 96);
        hit(A + RETURN, 1, 64);

        assertThat(events.subList(3, events.size()))
                .containsExactly(
                        "call B4@1 in 3",
                        "return B4@1 in 3 after 1",
                        "no return A3@1: panic",
                        "return B2@1 in 1 after 5",
                        "call B5@1 in 1",
                        "no return B5@1: unwound",
                        "return A1@1 in 0 after 8");
    }

    @Test
    void aDeferredFunctionsCallsAreNotThoseOfThePanic() {
        hit(A, 1, 64);
        hit(PANIC, 1, 96);
        hit(B, 1, 128);
        hit(A, 1, 160);
        hit(B + RETURN, 1, 128);
        assembler.close(EventAssembler.EXIT);

        assertThat(events.subList(3, 6))
                .containsExactly("no return A3@1: unwound", "return B2@1 in 1 after 2", "no return A1@1: panic");
    }

    @Test
    void aCallAsDeepAsAPanicIsNotThePanickingOne() {
        hit(A, 1, 64);
        hit(B, 1, 128);
        // Above B's frame: B has not returned, and is gone.
        hit(PANIC, 1, 96);
        assertThat(events.subList(2, 3)).containsExactly("no return B2@1: unwound");
        // Of no traced goroutine.
        hit(PANIC, 2, 96);
        hit(A + RETURN, 1, 64);

        assertThat(events.subList(3, 4)).containsExactly("return A1@1 in 0 after 4");
    }

    @Test
    void aPanicDuringAPanicIsTheLaterOnesMatter() {
        hit(A, 1, 64);
        hit(PANIC, 1, 96);
        hit(B, 1, 128);
        hit(PANIC, 1, 160);
        // The later one is recovered by what was deferred to begin with; the first one goes on.
        hit(B + RETURN, 1, 128);
        assembler.close(EventAssembler.EXIT);

        assertThat(events.subList(2, 4)).containsExactly("return B2@1 in 1 after 2", "no return A1@1: panic");
    }

    @Test
    void aGoroutineThatEndsItselfEndsItsCalls() {
        hit(A, 1, 64);
        hit(B, 1, 96);
        hit(A, 2, 64);
        hit(B, 1, 128);
        hit(GOEXIT, 1, 112);
        hit(GOEXIT, 3, 112);
        hit(A + RETURN, 1, 64);

        assertThat(events.subList(4, 8))
                .containsExactly(
                        "no return B4@1: unwound",
                        "no return B2@1: goexit",
                        "no return A1@1: goexit",
                        "unpaired A0@1 in 0: began before tracing");
    }

    @Test
    void anUnpairedReturnSaysHowDeepItIs() {
        hit(A, 1, 64);
        hit(B + RETURN, 1, 96);
        hit(A + RETURN, 1, 64);

        assertThat(events.subList(1, 3))
                .containsExactly("unpaired B0@1 in 1: began before tracing", "return A1@1 in 0 after 2");
    }

    @Test
    void onceEventsWereLostWhateverIsGoneMayHaveReturned() {
        hit(A, 1, 64);
        hit(PANIC, 1, 96);
        assembler.lostSoFar(1);
        hit(A, 1, 32);

        assertThat(events.get(1)).isEqualTo("no return A1@1: unknown, events were lost");
    }

    @Test
    void aCallWhoseReturnsAreLeftOutIsNotReportedAsGone() {
        hit(WITHOUT_RETURNS, 1, 64);
        hit(A, 1, 64);
        assembler.close(EventAssembler.EXIT);

        assertThat(events).containsExactly("call entry1@1 in 0", "call A2@1 in 0", "no return A2@1: exit");
    }

    @Test
    void withoutReturnsNothingFollowsFromThereBeingNone() {
        trace(plan(false, PANIC, GOEXIT));
        hit(A, 1, 64);
        hit(A, 1, 64);
        assembler.close(EventAssembler.EXIT);

        assertThat(events).containsExactly("call A1@1 in 0", "call A2@1 in 0");
        assertCounts(2, 0, 0);
    }

    @Test
    void whereNothingTellsAComebackItIsTheOpenCallOfTheSameFrameAndFunction() {
        hit(CHECKED, 1, 64);
        hit(A, 1, 96);
        // A is gone, and the call of before has grown its stack.
        hit(CHECKED, 1, 64);
        hit(CHECKED, 1, 96);
        hit(A, 1, 64);
        hit(CHECKED, 1, 64);

        assertThat(events)
                .containsExactly(
                        "call checked1@1 in 0",
                        "call A2@1 in 1",
                        "no return A2@1: unwound",
                        "call checked3@1 in 1",
                        "no return checked3@1: unwound",
                        "no return checked1@1: unwound",
                        "call A4@1 in 0",
                        "no return A4@1: unwound",
                        "call checked5@1 in 0");
    }

    @Test
    void whereNothingTellsAComebackACallThatAPanicPassedThroughHasNone() {
        hit(CHECKED, 1, 64);
        hit(PANIC, 1, 96);
        hit(CHECKED, 1, 64);

        assertThat(events)
                .containsExactly("call checked1@1 in 0", "no return checked1@1: panic", "call checked2@1 in 0");
    }

    /** On the way from Go to C and back a thread can have another goroutine's name for the stack that it stays on. */
    @Test
    void aCallOfAThreadOfCReturnsUnderAnotherName() {
        long top = 0x7f00_0000_8000L;
        hit(A, RecordFormat.NO_GOROUTINE | top, 64);
        // No top is as low: it is the thread's number, and the frame is how far it is from address 0.
        hit(A + RETURN, RecordFormat.NO_GOROUTINE | THREAD, -(top - 64));

        assertThat(events).containsExactly("call A1@0 in 0", "return A1@0 in 0 after 1");
        assertCounts(1, 1, 0);
    }

    @Test
    void whatIsElsewhereOrAnotherThreadsOrAnotherFunctionsIsNotThatCall() {
        long top = 0x7f00_0000_8000L;
        hit(A, RecordFormat.NO_GOROUTINE | top, 64);
        hit(A + RETURN, RecordFormat.NO_GOROUTINE | THREAD, -(top - 72));
        hit(B + RETURN, RecordFormat.NO_GOROUTINE | THREAD, -(top - 64));
        hit(A + RETURN, RecordFormat.NO_GOROUTINE | THREAD, -(top - 64), THREAD + 1);
        // A goroutine's stack can be anywhere.
        hit(A + RETURN, 7, 64);

        assertThat(events.subList(1, 5)).allMatch(event -> event.startsWith("unpaired"));
    }

    @Test
    void aGoroutinesOpenCallsCanBeOnNoOtherStack() {
        hit(A, 1, 64);
        hit(A + RETURN, 2, 64);

        assertThat(events.get(1)).isEqualTo("unpaired A0@2 in 0: began before tracing");
    }

    @Test
    void theNumberOfAThreadIsNoTop() {
        int highest = (1 << 22) - 1;
        hit(A, RecordFormat.NO_GOROUTINE | (highest + 2), 64, highest);
        hit(A + RETURN, RecordFormat.NO_GOROUTINE | highest, 64 - (highest + 2), highest);
        assertThat(events.get(1)).startsWith("return");
    }

    @Test
    void aFunctionOfTheRuntimeThatIsTracedIsCalledAndPanics() {
        trace(plan(true, B, GOEXIT));
        hit(A, 1, 64);
        hit(B, 1, 96);
        assembler.close(EventAssembler.EXIT);

        assertThat(events)
                .containsExactly("call A1@1 in 0", "call B2@1 in 1", "no return A1@1: panic", "no return B2@1: panic");
    }

    @Test
    void aFunctionThatEndsTheGoroutineEndsWithIt() {
        trace(plan(true, PANIC, B));
        hit(A, 1, 64);
        hit(A, 1, 128);
        hit(B, 1, 96);

        assertThat(events.subList(2, 6))
                .containsExactly(
                        "no return A2@1: unwound",
                        "call B3@1 in 1",
                        "no return B3@1: goexit",
                        "no return A1@1: goexit");
    }

    @Test
    void whatIsCalledWhereAPanicBeganIsNotUnwoundByIt() {
        hit(A, 1, 64);
        hit(PANIC, 1, 128);
        // It was recovered, by one of whom nothing was seen.
        hit(CHECKED, 1, 128);
        hit(CHECKED, 1, 128);
        assembler.close(EventAssembler.EXIT);

        assertThat(events)
                .containsExactly(
                        "call A1@1 in 0", "call checked2@1 in 1", "no return A1@1: exit", "no return checked2@1: exit");
    }

    @Test
    void aPanicIsWhyACallIsGoneFromWhoseFrameAnotherFunctionReturns() {
        hit(A, 1, 64);
        hit(PANIC, 1, 96);
        hit(B + RETURN, 1, 64);

        assertThat(events.subList(1, 3))
                .containsExactly("no return A1@1: panic", "unpaired B0@1 in 0: began before tracing");
    }

    /** Random programs, and what becomes of each call in them. */
    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void everyCallReturnsOnceOrIsSaidNotTo(@ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int stacks) {
        trace(plan);
        Random random = new Random(seed);
        record Open(int id, long function, long frame, long sinceNs) {}
        List<Deque<Open>> open = new ArrayList<>();
        IntStream.range(0, stacks).forEach(stack -> open.add(new ArrayDeque<>()));
        List<String> expected = new ArrayList<>();
        int calls = 0;
        for (int step = 0; step < 60; step++) {
            int stack = random.nextInt(stacks);
            Deque<Open> goroutine = open.get(stack);
            long deepest = goroutine.isEmpty() ? 0 : goroutine.peek().frame;
            if (goroutine.isEmpty() || random.nextInt(5) > 1) {
                long function = random.nextBoolean() ? A : B;
                Open call = new Open(++calls, function, deepest + 8 + 8L * random.nextInt(4), clockNs + 1);
                expected.add("call " + name(function) + call.id + "@" + (stack + 1) + " in " + goroutine.size());
                goroutine.push(call);
                hit(function, stack + 1, call.frame);
                continue;
            }
            // Some are passed over, as by a panic that is recovered without anyone's having seen it.
            for (int gone = random.nextInt(goroutine.size() + 4) - 4; gone > 0; gone--) {
                Open call = goroutine.pop();
                expected.add("no return " + name(call.function) + call.id + "@" + (stack + 1) + ": unwound");
            }
            Open call = goroutine.pop();
            hit(call.function + RETURN, stack + 1, call.frame);
            expected.add("return " + name(call.function) + call.id + "@" + (stack + 1) + " in " + goroutine.size()
                    + " after " + (clockNs - call.sinceNs));
        }
        assembler.close(EventAssembler.EXIT);

        assertThat(events.subList(0, expected.size())).isEqualTo(expected);
        assertThat(events.subList(expected.size(), events.size()))
                .hasSize(open.stream().mapToInt(Deque::size).sum())
                .allMatch(event -> event.startsWith("no return ") && event.endsWith(": exit"));
        TraceCounts counts = assembler.counts(0, 0);
        assertThat(counts.calls()).isEqualTo(calls).isEqualTo(counts.returns() + counts.noReturns());
    }

    private static String name(long function) {
        return function == A ? "A" : "B";
    }
}
