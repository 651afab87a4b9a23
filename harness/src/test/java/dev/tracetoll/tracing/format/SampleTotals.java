package dev.tracetoll.tracing.format;

import dev.tracetoll.tracing.DurationHistogram;
import dev.tracetoll.tracing.ErrorCount;
import dev.tracetoll.tracing.FunctionTotal;
import java.util.List;
import java.util.Optional;

/** Totals of functions, in no order. */
final class SampleTotals {

    private static final DurationHistogram NONE = new DurationHistogram(0, 0, 0, List.of());

    private SampleTotals() {}

    static List<FunctionTotal> counted() {
        return List.of(
                counted("main.seldom", 3),
                counted("main.(*Server).handle", 100_000),
                counted("main.never", 0),
                counted("main.größe", 4711),
                counted("main.alsoSeldom", 3));
    }

    static List<FunctionTotal> measured() {
        return List.of(
                measured("main.never", 0, 0, 0, 0, NONE, 0, 0),
                measured(
                        "main.once",
                        1,
                        1,
                        0,
                        0,
                        new DurationHistogram(847, 847, 847, List.of(new DurationHistogram.Bucket(832, 864, 1))),
                        0,
                        1),
                measured(
                        "main.(*Server).handle",
                        104,
                        101,
                        1,
                        2,
                        new DurationHistogram(
                                12_345_678,
                                19,
                                9_876_543,
                                List.of(
                                        new DurationHistogram.Bucket(19, 20, 10),
                                                new DurationHistogram.Bucket(17_408, 18_432, 80),
                                        new DurationHistogram.Bucket(98_304, 102_400, 10),
                                                new DurationHistogram.Bucket(9_437_184, 9_961_472, 1))),
                        17,
                        0),
                measured("main.neverReturns", 2, 0, 0, 0, NONE, -1, 0),
                measured("main.begunBefore", 0, 0, 1, 0, NONE, 0, 0),
                measured("main.nor", 0, 0, 0, 0, NONE, -1, 0));
    }

    private static FunctionTotal counted(String function, long calls) {
        return FunctionTotal.counted(SampleEvents.function(function), calls);
    }

    /** @param failed negative where the function returns no error */
    private static FunctionTotal measured(
            String function,
            long calls,
            long returns,
            long unpairedReturns,
            long lost,
            DurationHistogram durations,
            long failed,
            long unknown) {
        return new FunctionTotal(
                SampleEvents.function(function),
                calls,
                returns,
                calls - returns,
                unpairedReturns,
                lost,
                Optional.of(durations),
                failed < 0 ? Optional.empty() : Optional.of(new ErrorCount(failed, unknown)));
    }
}
