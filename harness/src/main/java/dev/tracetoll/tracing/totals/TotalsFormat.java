package dev.tracetoll.tracing.totals;

/**
 * Where the totals of a function have what is known of its calls: words, by their offsets in bytes.
 *
 * @param calls how many began
 * @param returns how many returns there were
 * @param unmatched of these, how many were of calls that no note was left of
 * @param replaced how many did not return: another call has taken their place on the stack
 * @param sumNs of the durations of calls that returned, as the next two
 * @param shortestNs every bit inverted, so that 0 is none
 * @param longestNs the longest
 * @param errors how many of them returned an error; {@link #NONE} where that is not counted
 * @param unknownErrors of how many more it is not known
 * @param leftOutCalls calls that were not chosen, where calls are sampled, which are in nothing else; {@link #NONE} where they cannot be
 * @param leftOutReturns their returns
 * @param bucket the first of {@link dev.tracetoll.tracing.DurationBuckets#COUNT} counts
 * @param bytes the size of all
 */
public record TotalsFormat(
        int calls,
        int returns,
        int unmatched,
        int replaced,
        int sumNs,
        int shortestNs,
        int longestNs,
        int errors,
        int unknownErrors,
        int leftOutCalls,
        int leftOutReturns,
        int bucket,
        int bytes) {

    /** In place of where something is that is not counted. */
    public static final int NONE = -1;

    /** Functions with more results of type {@code error} have none counted. */
    public static final int MOST_ERRORS = 8;

    boolean hasErrors() {
        return errors != NONE;
    }
}
