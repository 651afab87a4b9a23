package dev.tracetoll.environment;

/**
 * Something that makes times measured in two environments incomparable.
 *
 * @param what what it is, for people
 * @param one how it is in one of them
 * @param other how it is in the other
 */
public record EnvironmentDifference(String what, String one, String other) {

    /** In a few words, as {@code kernel: 6.1.0-18-amd64 against 6.12.9-amd64}. */
    public String inWords() {
        return what + ": " + one + " against " + other;
    }
}
