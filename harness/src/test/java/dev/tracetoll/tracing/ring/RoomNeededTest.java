package dev.tracetoll.tracing.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RoomNeededTest {

    private final RoomNeeded needed = new RoomNeeded();

    @Test
    void whereNothingIsLostItIsWhatWasUnreadAtMost() {
        needed.drained(1_000, 100, 10, 100, 0);
        needed.drained(1_000, 700, 70, 720, 0);
        needed.drained(1_000, 50, 5, 50, 0);

        assertThat(needed.bytes()).isEqualTo(720);
    }

    @Test
    void whatWasLostAtOnceWouldHaveHadToBeHeldBesides() {
        needed.drained(0, 1_000, 100, 1_000, 300);

        assertThat(needed.bytes()).isEqualTo(1_300);
    }

    @Test
    void whatAConsumerWithTimeToSpareWouldHaveReadMeanwhileIsNotHeldAnyMore() {
        // 10 bytes a nanosecond.
        needed.drained(0, 1_000, 100, 1_000, 300);
        needed.drained(20, 1_000, 100, 1_000, 300);
        assertThat(needed.bytes()).isEqualTo(1_300);

        needed.drained(10, 1_000, 100, 1_000, 600);
        assertThat(needed.bytes()).isEqualTo(1_300);
        needed.drained(29, 1_000, 100, 1_000, 900);
        assertThat(needed.bytes()).isEqualTo(1_310);
    }

    @Test
    void aConsumerWithoutTimeToSpareNeedsAllThatWasLost() {
        for (int i = 1; i <= 1_000; i++) {
            needed.drained(0, 1_000, 100, 1_000, 50L * i);
        }

        assertThat(needed.bytes()).isEqualTo(1_000 + 50 * 1_000);
    }

    /** Played through byte by byte: with a ring of the size that is said nothing is lost, and not much less would have done. */
    @Property(tries = 200)
    void aRingOfThatSizeLosesNothing(@ForAll long seed, @ForAll @IntRange(min = 64, max = 4096) int size) {
        // All tries have one instance of this class.
        RoomNeeded needed = new RoomNeeded();
        Random random = new Random(seed);
        int steps = 400;
        int[] arrivals = random.ints(steps, 0, 200).toArray();
        for (int i = 0; i < steps; i++) {
            // Bursts with quiet between them.
            arrivals[i] = i / 20 % 3 == 0 ? arrivals[i] * 4 : arrivals[i] / 8;
        }
        play(arrivals, size, needed);
        int said = (int) Math.max(needed.bytes(), size);

        assertThat(play(arrivals, said, new RoomNeeded())).as("lost").isZero();
    }

    /** A consumer that takes 200 bytes a step, and is told of each step; returns what is lost. */
    private static long play(int[] arrivals, int size, RoomNeeded needed) {
        int rate = 200;
        long held = 0;
        long lost = 0;
        double idle = 0;
        for (int arrived : arrivals) {
            long room = Math.min(arrived, size - held);
            lost += arrived - room;
            held += room;
            long taken = Math.min(held, rate);
            needed.drained(Math.round(idle * 1_000), taken, Math.round(1_000.0 * taken / rate), held, lost);
            held -= taken;
            idle = 1 - (double) taken / rate;
        }
        return lost;
    }
}
