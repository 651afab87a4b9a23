package dev.tracetoll.results;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Why a run ended. */
public enum Stopped {
    /** The intervals were as narrow as they had to be. */
    @JsonProperty("narrow enough")
    NARROW_ENOUGH("narrow enough"),
    /** Another round would not have fitted into the budget. */
    @JsonProperty("budget spent")
    BUDGET_SPENT("budget spent"),
    /** As many rounds were measured as had been asked for. */
    @JsonProperty("rounds done")
    ROUNDS_DONE("rounds done");

    private final String words;

    Stopped(String words) {
        this.words = words;
    }

    /** For people. */
    public String inWords() {
        return words;
    }
}
