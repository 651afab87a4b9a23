package dev.tracetoll.golang;

/**
 * A contiguous piece of a value and where it is.
 *
 * @param location where it is at the probe site
 * @param offset where it belongs in the value's memory image, in bytes
 * @param size how large it is, in bytes; registers hold at most 8, a value on the stack is one part
 */
public record Part(Location location, int offset, int size) {}
