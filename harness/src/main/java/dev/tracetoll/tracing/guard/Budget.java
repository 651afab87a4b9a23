package dev.tracetoll.tracing.guard;

import dev.tracetoll.golang.TracedFunction;
import java.util.List;

/**
 * What tracing may cost.
 *
 * @param share of the time of one CPU, within any second: 0.05 are 50 ms
 * @param functions those that are traced, the plan's own objects
 * @param tolls of each of them
 */
public record Budget(double share, List<TracedFunction> functions, List<Toll> tolls) {

    public Budget {
        functions = List.copyOf(functions);
        tolls = List.copyOf(tolls);
        if (!(share > 0) || functions.size() != tolls.size()) {
            throw new IllegalArgumentException(
                    share + " for " + functions.size() + " functions, " + tolls.size() + " tolls");
        }
    }
}
