package dev.tracetoll.tracing;

/**
 * An argument or result as it was captured.
 *
 * @param name the variable's name
 * @param type the type as Go prints it
 */
public record NamedValue(String name, String type, Value value) {}
