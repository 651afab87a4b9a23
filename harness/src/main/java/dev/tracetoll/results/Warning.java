package dev.tracetoll.results;

import dev.tracetoll.schema.Required;

/**
 * Something a reader of the results must know.
 *
 * @param what what is doubtful, in one line
 * @param remedy what to do about it, in one line
 */
public record Warning(String what, String remedy) {

    /** Begins a warning of counts that do not add up. */
    static final String INVALID = "invalid: ";
    /** Begins a warning of lost events. */
    static final String LOSSY = "lossy: ";

    /** Refuses a warning that says nothing or leaves the reader without a remedy. */
    public Warning {
        Required.text(what, "what");
        Required.text(remedy, "remedy");
    }

    /** Whether figures must not be taken as they are: counts do not add up, or events were lost. */
    public boolean grave() {
        return what.startsWith(INVALID) || what.startsWith(LOSSY);
    }
}
