package dev.tracetoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tracetoll.golang.ProbeSite;
import dev.tracetoll.golang.Signature;
import dev.tracetoll.golang.SiteKind;
import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.testing.TraceSchema;
import dev.tracetoll.tracing.TraceEvent;
import dev.tracetoll.tracing.format.JsonEvents;
import dev.tracetoll.tracing.plan.SiteClass;
import dev.tracetoll.x86.Code;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class EventOutputTest {

    private static final Duration LONG = Duration.ofMinutes(2);
    private static final int DEEP = 1_000;
    /** More than the queue has room for. */
    private static final int MANY = 10_000;

    private static final TracedFunction FUNCTION = new TracedFunction(
            "main.f",
            List.of(),
            List.of(),
            new ProbeSite(SiteKind.ENTRY, Code.one(0x1000, "55"), 0x1000, 0, Optional.empty()),
            List.of(),
            false,
            new Signature(Signature.Kind.KNOWN, ""),
            false,
            false);

    private final SleepingReader reader = new SleepingReader();
    private final LineQueue lines = new LineQueue(reader, Integer.MAX_VALUE, 8 * LineQueue.CHUNK_BYTES);
    private long lastId;

    private EventOutput output(long limit, boolean mayWait) {
        return new EventOutput(
                new JsonEvents(lines), lines, limit, Collecting.EVENTS, List.of(FUNCTION), Optional.empty(), mayWait);
    }

    private long call(EventOutput output) {
        output.accept(new TraceEvent.Call(++lastId, FUNCTION, 1, 1, 0, 1, SiteClass.EMULATED, List.of()));
        return lastId;
    }

    private static void returns(EventOutput output, long id) {
        output.accept(new TraceEvent.Return(id, FUNCTION, 1, 1, 0, 2, id == 0 ? -1 : 1, SiteClass.STEPPED, List.of()));
    }

    private static void panics(EventOutput output, long id) {
        output.accept(new TraceEvent.NoReturn(id, FUNCTION, 1, "panic"));
    }

    private List<JsonNode> read() throws IOException {
        return TraceSchema.trace(
                new String(reader.read(), StandardCharsets.UTF_8).lines().toList());
    }

    /** Calls each with its end; half of the calls that are open when the reader falls asleep return meanwhile, and half of them panic. */
    @Test
    void whatNobodyReadsIsLostAndTheRestAddsUp() throws IOException {
        EventOutput output = output(Long.MAX_VALUE, false);
        List<Long> open = new ArrayList<>();
        for (int i = 0; i < DEEP; i++) {
            open.add(call(output));
        }
        for (int i = 0; i < MANY; i++) {
            returns(output, call(output));
        }
        assertThat(output.lost()).as("nobody waited for the reader").isPositive();
        long afterSleep = call(output);
        returns(output, 0);
        for (int i = 0; i < DEEP; i += 2) {
            returns(output, open.get(i));
            panics(output, open.get(i + 1));
        }
        long lostWhileAsleep = output.lost();
        reader.wake();
        assertThat(lines.awaitWritten(LONG)).isTrue();
        panics(output, afterSleep);
        for (int i = 0; i < 10; i++) {
            returns(output, call(output));
        }
        assertThat(output.lost())
                .as("the end of a lost call that did not return is no event")
                .isEqualTo(lostWhileAsleep);
        output.finish(5, Optional.empty(), Optional.empty(), OptionalLong.empty(), Optional.empty());
        assertThat(output.awaitWritten(LONG)).isTrue();

        // The schema's checks have it that each end belongs to a call and each call has one, and that the summary
        // counts them.
        List<JsonNode> written = read();
        JsonNode summary = written.get(written.size() - 1);
        long calls = DEEP + MANY + 1 + 10;
        long returns = MANY + 1 + DEEP / 2 + 10;
        assertThat(summary.get("calls").asLong()
                        + summary.get("returns").asLong()
                        + summary.get("lost").asLong()
                        - 5)
                .isEqualTo(calls + returns);
        assertThat(summary.get("calls").asLong())
                .isEqualTo(summary.get("returns").asLong()
                        + summary.get("noReturns").asLong());
        assertThat(written)
                .filteredOn(line -> line.get("event").asText().equals("noReturn"))
                .hasSize(DEEP)
                .filteredOn(line -> line.get("why").asText().equals("unknown, events were lost"))
                .hasSize(DEEP / 2);
        assertThat(written)
                .noneMatch(line -> line.get("event").asText().equals("return")
                        && line.get("id").isNull());
        assertThat(written.get(written.size() - 2).get("id").asLong())
                .as("written again once somebody reads")
                .isEqualTo(lastId);
    }

    /** Waits until another thread waits for the reader. */
    private static void awaitWaiting(Thread thread) {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private Thread produce(EventOutput output) {
        Thread producer = new Thread(() -> {
            for (int i = 0; i < MANY; i++) {
                returns(output, call(output));
            }
        });
        producer.start();
        return producer;
    }

    @Test
    void nothingIsLostWhereTheReaderMayBeWaitedFor() throws Exception {
        EventOutput output = output(Long.MAX_VALUE, true);
        Thread producer = produce(output);
        awaitWaiting(producer);
        assertThat(output.flushIfIdle()).as("it is not idle").isFalse();
        reader.wake();
        producer.join();
        output.finish(0, Optional.empty(), Optional.empty(), OptionalLong.empty(), Optional.empty());
        assertThat(output.awaitWritten(LONG)).isTrue();
        assertThat(output.lost()).isZero();
        assertThat(read()).hasSize(2 * MANY + 1);
    }

    @Test
    void whoeverWaitsForTheReaderWaitsNoMoreOnceItIsGivenUp() throws Exception {
        EventOutput output = output(Long.MAX_VALUE, true);
        Thread producer = produce(output);
        awaitWaiting(producer);
        output.giveUp();
        producer.join();
        assertThat(output.lost()).isPositive();
        assertThat(output.awaitWritten(Duration.ZERO)).isTrue();
        reader.wake();
    }

    @Test
    void theLimitIsReachedThoughNobodyReads() {
        EventOutput output = output(MANY, false);
        for (int i = 0; i < MANY; i++) {
            assertThat(output.limitReached()).isFalse();
            returns(output, call(output));
        }
        assertThat(output.limitReached()).isTrue();
        assertThat(output.limitDone()).isTrue();
        long lost = output.lost();
        returns(output, call(output));
        assertThat(output.lost())
                .as("what is beyond the limit is not wanted")
                .isEqualTo(lost)
                .isPositive();
        reader.wake();
    }

    @Test
    void rangesOfIdsAreRemembered() {
        Omissions omissions = new Omissions();
        assertThat(omissions.contains(1)).isFalse();
        for (long id : new long[] {3, 4, 5, 9, 11, 12}) {
            omissions.add(id);
        }
        assertThat(LongStream.rangeClosed(0, 14).filter(omissions::contains)).containsExactly(3L, 4L, 5L, 9L, 11L, 12L);
    }
}
