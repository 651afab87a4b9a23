package dev.tracetoll.tracing.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tracetoll.tracing.FunctionHits;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccountTest {

    private static final long MS = 1_000_000;
    private static final long BEGIN = 77 * MS;
    /** 50 ms of each second. */
    private static final double SHARE = 0.05;

    private static final Toll US_AND_9_US = new Toll(1_000, 9_000, 0);

    private final Account account = new Account(List.of(US_AND_9_US, US_AND_9_US, new Toll(500, 0, 0)), SHARE, BEGIN);

    /** @param calls of each function, as many returns as entries */
    private List<Integer> read(long ms, long... calls) {
        return account.read(
                BEGIN + ms * MS,
                Arrays.stream(calls)
                        .mapToObj(each -> new FunctionHits(each, each))
                        .toList());
    }

    @Test
    void whatIsWithinTheBudgetStays() {
        for (int second = 1; second <= 10; second++) {
            assertThat(read(1000L * second, 4_000L * second, 0, 0)).isEmpty();
        }
        assertThat(account.most()).isCloseTo(0.04, within(1e-9));
    }

    @Test
    void aBudgetIsPassedAsSoonAsItIsSpent() {
        assertThat(read(10, 4_900, 0, 0)).isEmpty();
        assertThat(read(20, 5_100, 0, 0)).containsExactly(0);
        assertThat(account.share(0)).isCloseTo(0.051, within(1e-9));
        assertThat(account.nothingLeft()).isFalse();
    }

    private static FunctionHits stops(long calls, long apart) {
        return new FunctionHits(calls, calls, apart);
    }

    @Test
    void aStopThatComesApartCostsMore() {
        Account stops = new Account(List.of(new Toll(1_000, 9_000, 100_000)), SHARE, BEGIN);

        assertThat(stops.read(BEGIN + 10 * MS, List.of(stops(100, 0)))).isEmpty();
        assertThat(stops.read(BEGIN + 20 * MS, List.of(stops(200, 400)))).isEmpty();
        assertThat(stops.read(BEGIN + 30 * MS, List.of(stops(300, 480)))).containsExactly(0);
        assertThat(stops.share(0)).isCloseTo(0.051, within(1e-9));
    }

    @Test
    void theDearestGoesFirstAndNoMoreThanHasTo() {
        assertThat(read(100, 3_000, 4_000, 10_000)).containsExactly(1);
        assertThat(read(110, 3_100, 4_000, 10_000))
                .as("what is off still cost, but spends no more")
                .isEmpty();
        assertThat(read(120, 4_600, 4_000, 10_000)).containsExactly(0);
        assertThat(read(130, 4_600, 4_000, 200_000)).containsExactly(2);
        assertThat(account.nothingLeft()).isTrue();
        assertThat(account.most()).isCloseTo(0.086 + 0.1, within(1e-9));
    }

    @Test
    void whatWasSpentIsForgottenAfterASecond() {
        assertThat(read(100, 4_000, 0, 0)).isEmpty();
        for (int tenth = 2; tenth <= 11; tenth++) {
            assertThat(read(100L * tenth, 4_000, 0, 0)).isEmpty();
        }
        assertThat(read(1_150, 8_000, 0, 0))
                .as("the 40 ms of long ago are not within this second")
                .isEmpty();
        assertThat(read(1_200, 9_100, 0, 0)).containsExactly(0);
    }

    @Test
    void howOftenItIsReadMakesNoDifference() {
        for (int ms = 1; ms < 3_000; ms++) {
            assertThat(read(ms, ms * 4L, ms, 0)).as("%s ms", ms).isEmpty();
        }
        assertThat(account.most()).isCloseTo(0.05, within(1e-3));
        assertThat(read(9_000, 2_999 * 4 + 6_000 * 6, 2_999, 0))
                .as("36 000 calls in six seconds are 60 ms in each")
                .containsExactly(0);
    }

    @Test
    void severalGoAtOnceIfTheyHaveTo() {
        assertThat(read(500, 6_000, 7_000, 200_000)).containsExactly(2, 1, 0);
        assertThat(account.nothingLeft()).isTrue();
    }
}
