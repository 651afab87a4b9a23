package dev.tracetoll.tracing.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ArrivalsTest {

    @Test
    void theMostOfAWindowIsThatOfItsFullestPlace() {
        Arrivals arrivals = Arrivals.of(1, 0, 5, 4, 0, 0, 7, 1);

        assertThat(arrivals.total()).isEqualTo(18);
        assertThat(arrivals.most(1)).isEqualTo(7);
        assertThat(arrivals.most(2)).isEqualTo(9);
        assertThat(arrivals.most(6)).isEqualTo(17);
        assertThat(arrivals.most(100)).isEqualTo(18);
    }

    @Test
    void noWindowHasMoreThanIsSaid() {
        long[] bytes = new Random(3).longs(500, 0, 1_000).toArray();
        Arrivals arrivals = Arrivals.of(bytes);
        for (int window : new int[] {1, 3, 50, 499}) {
            long most = 0;
            for (int i = 0; i + window <= bytes.length; i++) {
                most = Math.max(most, Arrays.stream(bytes, i, i + window).sum());
            }
            assertThat(arrivals.most(window)).isEqualTo(most);
        }
    }

    @Test
    void binsThatWereWrittenAnewAreReadInTheOrderOfTime() {
        int count = ArrivalBins.BYTES / Integer.BYTES;
        ByteBuffer bins = ByteBuffer.allocate(ArrivalBins.BYTES).order(ByteOrder.nativeOrder());
        bins.putInt((count - 1) * Integer.BYTES, 10).putInt(0, 20).putInt(Integer.BYTES, -1);
        long from = (long) (count - 1) << Arrivals.BIN_LOG2;

        Arrivals arrivals =
                new ArrivalBins(bins, from).until(from + 2 * Arrivals.BIN_NS).times(1.5);

        assertThat(arrivals.bins()).isEqualTo(3);
        assertThat(arrivals.most(1)).isBetween((long) (1.5 * 0xffffffffL) - 1, (long) (1.5 * 0xffffffffL) + 1);
        assertThat(arrivals.total()).isEqualTo(15 + 30 + Math.round(1.5 * 0xffffffffL));
    }

    @Test
    void whatIsCollectedInTimeIsNotLost() {
        ByteBuffer memory = ByteBuffer.allocate(ArrivalBins.BYTES).order(ByteOrder.nativeOrder());
        ArrivalBins bins = new ArrivalBins(memory, 0);
        int count = ArrivalBins.BYTES / Integer.BYTES;
        int all = 3 * count;
        for (int bin = 0; bin < all; bin++) {
            int at = bin % count * Integer.BYTES;
            memory.putInt(at, memory.getInt(at) + 1);
            if (bin % (count / 4) == 0) {
                bins.collect(bin * Arrivals.BIN_NS);
            }
        }

        Arrivals arrivals = bins.until((all - 1) * Arrivals.BIN_NS);

        assertThat(arrivals.bins()).isEqualTo(all);
        assertThat(arrivals.total()).isEqualTo(all);
        assertThat(arrivals.most(1)).isOne();
        assertThat(bins.isFull()).isFalse();
    }
}
