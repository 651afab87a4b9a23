package dev.tracetoll.results;

import dev.tracetoll.schema.Required;

/**
 * Something a reader of the results must know.
 *
 * @param what what is doubtful, in one line
 * @param remedy what to do about it, in one line
 */
public record Warning(String what, String remedy) {

    /** Refuses a warning that says nothing or leaves the reader without a remedy. */
    public Warning {
        Required.text(what, "what");
        Required.text(remedy, "remedy");
    }
}
