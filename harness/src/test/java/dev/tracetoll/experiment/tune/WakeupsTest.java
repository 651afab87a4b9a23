package dev.tracetoll.experiment.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class WakeupsTest {

    @Test
    void whatAPolicyAddsFollowsFromItsWakeups() {
        Wakeups wakeups = new Wakeups(100_000, 700, 2_900, 2_850, 7_000);

        assertThat(wakeups.wakeupNs()).isEqualTo(2_200);
        assertThat(wakeups.everyNs(1)).isEqualTo(2_900);
        assertThat(wakeups.everyNs(64)).isCloseTo(734.4, within(0.1));
        // Records come every 10 us, and the reader is back after 7.
        assertThat(wakeups.foreseenCaughtUpNs()).isEqualTo(2_900);
    }

    @Test
    void whatComesUntilTheReaderIsBackWakesNobody() {
        Wakeups wakeups = new Wakeups(1_000_000, 700, 1_900, 1_000, 4_000);

        assertThat(wakeups.foreseenCaughtUpNs()).isEqualTo(700 + 1_200 / 4.0);
    }

    @Test
    void noWakeupIsCheaperThanNothing() {
        assertThat(new Wakeups(1_000, 700, 650, 640, 4_000).wakeupNs()).isZero();
    }
}
