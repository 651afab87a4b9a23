package dev.tracetoll.tracing.registry;

/**
 * What a technique tells of the calls that it traces, which is what its price is to be seen against.
 *
 * @param level how much
 * @param stops whether the target is stopped for it, by ptrace
 */
public record Insight(Level level, boolean stops) {

    /** How much, the least first; each tells all that the one before it does. */
    public enum Level {
        COUNT("how many calls there were"),
        CALLS("each call"),
        ARGUMENTS("each call with its arguments"),
        RETURNS("each call with its arguments, and each return"),
        RESULTS("each call with its arguments, and each return with its results");

        private final String explanation;

        Level(String explanation) {
            this.explanation = explanation;
        }

        /** What is told, for people. */
        public String explanation() {
            return explanation;
        }
    }

    /** Whether this one tells all that another does. */
    public boolean covers(Insight other) {
        return level.compareTo(other.level) >= 0;
    }
}
