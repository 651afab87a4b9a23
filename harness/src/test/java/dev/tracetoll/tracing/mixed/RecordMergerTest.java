package dev.tracetoll.tracing.mixed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.record.RecordFormat;
import dev.tracetoll.tracing.record.RecordSink;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** Records of two sessions come out as those of one. */
class RecordMergerTest {

    private final List<String> handedOn = new ArrayList<>();

    /** Tells what it is told. */
    private final RecordSink events = new RecordSink() {
        @Override
        public void record(ByteBuffer record, IntFunction<String> floats) {
            handedOn.add(record.getLong(RecordFormat.TIMESTAMP_NS) + ":" + record.getLong(RecordFormat.GOROUTINE)
                    + (floats.apply(0) == null ? "" : floats.apply(0)));
        }

        @Override
        public void executed(long timeNs) {
            handedOn.add("executed at " + timeNs);
        }

        @Override
        public void lostSoFar(long events) {
            handedOn.add("lost " + events);
        }

        @Override
        public void leaves(List<TracedFunction> functions) {
            handedOn.add("leaves");
        }

        @Override
        public void close(String why) {
            handedOn.add(why);
        }

        @Override
        public TraceCounts counts(long lostCalls, long lostReturns) {
            return new TraceCounts(handedOn.size(), 0, 0, lostCalls, lostReturns);
        }
    };

    private final RecordMerger merger = new RecordMerger(events);
    private final RecordSink one = merger.source();
    private final RecordSink other = merger.source();

    private static void record(RecordSink to, long timeNs, long goroutine, int flags, int bytes) {
        ByteBuffer record = ByteBuffer.allocate(RecordFormat.MAX_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(RecordFormat.TIMESTAMP_NS, timeNs);
        record.putLong(RecordFormat.GOROUTINE, goroutine);
        record.putInt(RecordFormat.FLAGS, flags);
        record.putInt(RecordFormat.LENGTH, bytes);
        to.record(record, register -> null);
    }

    private static void record(RecordSink to, long timeNs, long goroutine) {
        record(to, timeNs, goroutine, 0, RecordFormat.HEADER_BYTES);
    }

    @Test
    void whatIsOlderComesFirstOnceAllIsThereThatIsAsOld() {
        merger.begin(0);
        record(one, 10, 1);
        record(one, 30, 1);
        one.completeUntil(40);
        assertThat(handedOn).isEmpty();
        assertThat(merger.isComplete(5)).isFalse();
        record(other, 20, 2);
        record(other, 50, 2);
        other.completeUntil(29);
        assertThat(handedOn).containsExactly("10:1", "20:2");
        assertThat(merger.isComplete(29)).isTrue();
        assertThat(merger.isComplete(30)).isFalse();
        other.completeUntil(60);
        assertThat(handedOn).containsExactly("10:1", "20:2", "30:1");
        one.completeUntil(60);
        assertThat(handedOn).containsExactly("10:1", "20:2", "30:1", "50:2");
        assertThat(merger.isComplete(1000)).isTrue();
    }

    /** Two processors write at a time, and one of them may be held up between its time and its place. */
    @Test
    void aSessionMayBeALittleOutOfOrder() {
        merger.begin(0);
        record(one, 12, 1);
        record(one, 11, 2);
        record(one, 12, 3);
        record(one, 10, 4);
        record(other, 11, 9);
        one.completeUntil(20);
        other.completeUntil(20);
        assertThat(handedOn).hasSize(5).startsWith("10:4").endsWith("12:1", "12:3");
    }

    @Test
    void whatIsBeforeTheBeginningOrBehindTheEndIsLeftOutUnlessItMakesNoEvent() {
        record(one, 10, 1, RecordFormat.FLAG_GROWING, RecordFormat.HEADER_BYTES);
        record(other, 11, 1);
        one.completeUntil(100);
        other.completeUntil(100);
        assertThat(handedOn).as("nobody knows yet when it began").isEmpty();
        merger.begin(20);
        record(one, 20, 1);
        record(other, 30, 1);
        merger.end(29);
        merger.end(35);
        one.completeUntil(200);
        other.completeUntil(200);
        assertThat(handedOn).containsExactly("10:1", "20:1");
    }

    @Test
    void recordsOfAllSizesWaitAndWhatTheyAreInIsUsedAgain() {
        merger.begin(0);
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 5000; i++) {
                record(one, round * 10_000 + i, i, 0, i % 7 == 0 ? RecordFormat.MAX_BYTES : 60 + i % 900);
            }
            one.completeUntil(round * 10_000 + 9999);
            other.completeUntil(round * 10_000 + 9999);
        }
        assertThat(handedOn).hasSize(15_000);
        assertThat(handedOn.get(14_999)).isEqualTo("24999:4999");
        assertThat(merger.counts().calls()).isEqualTo(15_000);
    }

    @Test
    void allThatIsLostIsToldTogether() {
        one.lostSoFar(3);
        other.lostSoFar(4);
        assertThat(handedOn).containsExactly("lost 3", "lost 7");
        assertThat(one.counts(1, 2)).isEqualTo(new TraceCounts(0, 0, 0, 1, 2));
    }

    @Test
    void callsThatAreOpenEndOnceAllSessionsHave() {
        merger.begin(0);
        record(one, 10, 1);
        record(other, 9, 2);
        one.executed(11);
        record(other, 12, 2);
        one.close("detached");
        assertThat(handedOn).isEmpty();
        other.close("exit");
        assertThat(handedOn).containsExactly("9:2", "10:1", "executed at 11", "12:2", "detached");
    }

    @Test
    void whatEndsBeforeItHasBegunIsEnded() {
        one.close("exit");
        other.close("exit");
        assertThat(handedOn).containsExactly("exit");
    }
}
