package dev.tracetoll.experiment.tune;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.text.MarkdownTable;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CurveColumnsTest {

    /** A stalled program catches up, and then nothing comes for a while: as much is to be held at each of many points. */
    @Test
    void theFirstOfManyLargestDistancesIsTheMost() {
        List<Tuning.CurvePoint> points = new ArrayList<>();
        points.add(new Tuning.CurvePoint(0, 100, 0));
        for (int i = 1; i <= 100; i++) {
            points.add(new Tuning.CurvePoint(1_000_000 + 10_000 * i, 5_000, 0));
        }
        points.add(new Tuning.CurvePoint(4_000_000, 6_000, 2_000));

        List<String> lines = MarkdownTable.lines(CurveColumns.table(points));

        assertThat(lines)
                .filteredOn(line -> line.contains("(most)"))
                .singleElement()
                .asString()
                .contains("1.01 ms");
        assertThat(lines).as("a heading, and three points").hasSize(5);
    }
}
