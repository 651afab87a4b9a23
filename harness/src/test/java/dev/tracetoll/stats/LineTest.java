package dev.tracetoll.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LineTest {

    /** NIST Statistical Reference Datasets, linear regression, Norris (https://www.itl.nist.gov/div898/strd/lls/data/Norris.shtml): y, x. */
    private static final double[][] NORRIS = {
        {0.1, 0.2},
        {338.8, 337.4},
        {118.1, 118.2},
        {888.0, 884.6},
        {9.2, 10.1},
        {228.1, 226.5},
        {668.5, 666.3},
        {998.5, 996.3},
        {449.1, 448.6},
        {778.9, 777.0},
        {559.2, 558.2},
        {0.3, 0.4},
        {0.1, 0.6},
        {778.1, 775.5},
        {668.8, 666.9},
        {339.3, 338.0},
        {448.9, 447.5},
        {10.8, 11.6},
        {557.7, 556.0},
        {228.3, 228.1},
        {998.0, 995.8},
        {888.8, 887.6},
        {119.6, 120.2},
        {0.3, 0.3},
        {0.6, 0.3},
        {557.6, 556.8},
        {339.3, 339.1},
        {888.0, 887.2},
        {998.5, 999.0},
        {778.9, 779.0},
        {10.2, 11.1},
        {117.6, 118.3},
        {228.9, 229.2},
        {668.4, 669.1},
        {449.2, 448.9},
        {0.2, 0.5}
    };

    @Test
    void fitsNorrisAsCertified() {
        double[] x = new double[NORRIS.length];
        double[] y = new double[NORRIS.length];
        for (int i = 0; i < NORRIS.length; i++) {
            y[i] = NORRIS[i][0];
            x[i] = NORRIS[i][1];
        }

        Line line = Line.through(x, y);

        assertThat(line.intercept()).isCloseTo(-0.262323073774029, within(1e-11));
        assertThat(line.slope()).isCloseTo(1.00211681802045, within(1e-13));
    }

    /** R 4.2.2, its data set {@code cars}, with ties in x: {@code coef(lm(dist ~ speed, cars))}. */
    @Test
    void fitsCarsAsRDoes() {
        double[] speed = {
            4, 4, 7, 7, 8, 9, 10, 10, 10, 11, 11, 12, 12, 12, 12, 13, 13, 13, 13, 14, 14, 14, 14, 15, 15, 15, 16, 16,
            17, 17, 17, 18, 18, 18, 18, 19, 19, 19, 20, 20, 20, 20, 20, 22, 23, 24, 24, 24, 24, 25
        };
        double[] distance = {
            2, 10, 4, 22, 16, 10, 18, 26, 34, 17, 28, 14, 20, 24, 28, 26, 34, 34, 46, 26, 36, 60, 80, 20, 26, 54, 32,
            40, 32, 40, 50, 42, 56, 76, 84, 36, 46, 68, 32, 48, 52, 56, 64, 66, 54, 70, 92, 93, 120, 85
        };

        Line line = Line.through(speed, distance);

        assertThat(line.intercept()).isCloseTo(-17.579094890510895, within(1e-11));
        assertThat(line.slope()).isCloseTo(3.9324087591240855, within(1e-12));
    }

    /** R 4.2.2, its data set {@code women}, from 58 inches on: {@code coef(lm(weight ~ height, women))}. */
    @Test
    void fitsWomenAsRDoes() {
        double[] weight = {115, 117, 120, 123, 126, 129, 132, 135, 139, 142, 146, 150, 154, 159, 164};
        double[] height = new double[weight.length];
        Arrays.setAll(height, i -> 58 + i);

        Line line = Line.through(height, weight);

        assertThat(line.intercept()).isCloseTo(-87.51666666666667, within(1e-10));
        assertThat(line.slope()).isCloseTo(3.45, within(1e-12));
    }

    @Test
    void refusesWhatIsNoLine() {
        assertThatThrownBy(() -> Line.through(new double[] {1, 1}, new double[] {1, 2}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Line.through(new double[] {1, 2}, new double[] {1}))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
