package dev.tracetoll.tracing;

/**
 * Of the calls of a function that began and returned, how many returned an error: a result of type {@code error} that was not nil.
 *
 * @param failed how many did
 * @param unknown of how many more nobody knows, because the result could not be read
 */
public record ErrorCount(long failed, long unknown) {}
