package dev.tracetoll.corpus;

/**
 * A Go type of a generated program.
 *
 * @param text as in the source
 * @param size about how many bytes a value has
 * @param hashable whether every value can be the key of a map
 */
record CorpusType(String text, int size, boolean hashable) {}
