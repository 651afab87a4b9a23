package dev.tracetoll.tracing.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.golang.ProbeSite;
import dev.tracetoll.golang.ProgramTypes;
import dev.tracetoll.golang.Signature;
import dev.tracetoll.golang.SiteKind;
import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.plan.Sampling;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.x86.Code;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SamplerTest {

    private static final int MANY = 100_000;
    private static final TraceCounts NONE = new TraceCounts(0, 0, 0, 0, 0);

    private static final TracedFunction FUNCTION = new TracedFunction(
            "main.f",
            List.of(),
            List.of(),
            new ProbeSite(SiteKind.ENTRY, Code.one(Plans.ENTRY, "55"), Plans.ENTRY, 0, Optional.empty()),
            List.of(new ProbeSite(
                    SiteKind.RETURN, Code.one(Plans.ENTRY + 1, "c3"), Plans.ENTRY + 1, 0, Optional.empty())),
            false,
            new Signature(Signature.Kind.KNOWN, ""),
            false,
            false);

    private final TracePlan plan = Plans.of(FUNCTION, ProgramTypes.none(), 64, 1);
    private final SitePlan call = plan.sites().get(0);
    private final SitePlan returned = plan.sites().get(1);
    private final ByteBuffer record =
            ByteBuffer.allocate(RecordFormat.HEADER_BYTES).order(ByteOrder.nativeOrder());

    private boolean takes(Sampler sampler, SitePlan site, long goroutine, long frame, int flags) {
        record.putLong(RecordFormat.GOROUTINE, goroutine);
        record.putLong(RecordFormat.FRAME, frame);
        record.putInt(RecordFormat.FLAGS, flags);
        return sampler.takes(site, record);
    }

    /** Also of those that have something in common: every second, third, … one. */
    @Test
    void oneOfSoManyGoroutinesIsChosen() {
        for (int of : new int[] {1, 2, 3, 10, 100}) {
            for (int stride : new int[] {1, 2, 3, 4, 7, 1024}) {
                Sampling sampling = new Sampling(Sampling.By.GOROUTINE, of, 0x5eed);
                long chosen = LongStream.range(0, MANY)
                        .filter(n -> sampling.chooses(1 + n * stride))
                        .count();
                assertThat((double) chosen * of / MANY)
                        .as("1 of %s, every %s", of, stride)
                        .isBetween(0.8, 1.2);
            }
        }
    }

    @Test
    void otherSeedsChooseOtherGoroutines() {
        Sampling one = new Sampling(Sampling.By.GOROUTINE, 2, 1);
        Sampling other = new Sampling(Sampling.By.GOROUTINE, 2, 2);
        assertThat(LongStream.range(1, MANY)
                        .filter(goroutine -> one.chooses(goroutine) == other.chooses(goroutine))
                        .count())
                .isBetween(MANY * 4L / 10, MANY * 6L / 10);
    }

    @Test
    void ofAChosenCallTheReturnIsTakenAndNoOther() {
        Sampler sampler = new Sampler(new Sampling(Sampling.By.CALL, 3, 0), true);
        int taken = 0;
        for (int i = 0; i < MANY; i++) {
            boolean chosen = takes(sampler, call, 1, 64, 0);
            assertThat(takes(sampler, returned, 1, 64, 0)).isEqualTo(chosen);
            taken += chosen ? 1 : 0;
        }
        assertThat(taken * 3.0 / MANY).isBetween(0.9, 1.1);
        TraceCounts counts = sampler.in(NONE);
        assertThat(counts.leftOutCalls()).isEqualTo(counts.leftOutReturns()).isEqualTo(MANY - taken);
    }

    /** A call that did not return has left its note. */
    @Test
    void theReturnOfACallThatIsLeftOutIsNoneOfTheOneBefore() {
        Sampler sampler = new Sampler(new Sampling(Sampling.By.CALL, 2, 0), true);
        for (int i = 0; i < MANY; i++) {
            boolean last = false;
            for (int calls = 0; calls < 3; calls++) {
                last = takes(sampler, call, 1, 64, 0);
            }
            assertThat(takes(sampler, returned, 1, 64, 0)).isEqualTo(last);
        }
    }

    @Test
    void aCallThatGrowsItsStackIsChosenOnceAndCountedOnce() {
        Sampler sampler = new Sampler(new Sampling(Sampling.By.CALL, 2, 0), true);
        int taken = 0;
        for (int i = 0; i < MANY; i++) {
            boolean first = takes(sampler, call, 1, 64, RecordFormat.FLAG_GROWING);
            assertThat(takes(sampler, call, 1, 64, RecordFormat.FLAG_GROWING | RecordFormat.FLAG_GROWN))
                    .isEqualTo(first);
            assertThat(takes(sampler, call, 1, 64, RecordFormat.FLAG_GROWN)).isEqualTo(first);
            assertThat(takes(sampler, returned, 1, 64, 0)).isEqualTo(first);
            taken += first ? 1 : 0;
        }
        assertThat(sampler.in(NONE).leftOutCalls()).isEqualTo(MANY - taken);
        assertThat(sampler.in(NONE).leftOutReturns()).isEqualTo(MANY - taken);
    }

    @Test
    void withoutReturnsNothingIsKept() {
        Sampler sampler = new Sampler(new Sampling(Sampling.By.CALL, 1, 0), false);
        assertThat(takes(sampler, call, 1, 64, 0)).isTrue();
        assertThat(takes(sampler, returned, 1, 64, 0)).isFalse();
    }

    @Test
    void whatWasOpenBeforeAnotherProgramIsForgotten() {
        Sampler sampler = new Sampler(new Sampling(Sampling.By.CALL, 1, 0), true);
        assertThat(takes(sampler, call, 1, 64, 0)).isTrue();
        sampler.executed();
        assertThat(takes(sampler, returned, 1, 64, 0)).isFalse();
    }
}
