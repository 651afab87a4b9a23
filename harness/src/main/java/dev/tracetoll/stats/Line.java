package dev.tracetoll.stats;

import java.util.Arrays;
import org.apache.commons.math3.stat.regression.SimpleRegression;

/**
 * A straight line fitted by ordinary least squares: y = intercept + slope · x.
 *
 * @param intercept y at x = 0
 * @param slope what y grows by with each unit of x
 */
public record Line(double intercept, double slope) {

    /**
     * Fits a line.
     *
     * @param x at least two different values
     * @param y as many
     */
    public static Line through(double[] x, double[] y) {
        if (x.length != y.length || Arrays.stream(x).distinct().count() < 2) {
            throw new IllegalArgumentException("a line needs two points with different x at least, and a y for each");
        }
        SimpleRegression regression = new SimpleRegression();
        for (int i = 0; i < x.length; i++) {
            regression.addData(x[i], y[i]);
        }
        return new Line(regression.getIntercept(), regression.getSlope());
    }
}
