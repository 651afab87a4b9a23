package dev.tracetoll.results;

import dev.tracetoll.schema.Required;

/**
 * Which Tracetoll measured.
 *
 * @param version version of Tracetoll
 * @param commit commit it was built from, {@code unknown} outside a repository; ends in {@value #CHANGED} with local changes
 */
public record Build(String version, String commit) {

    /** Ends the commit where there were local changes. */
    public static final String CHANGED = "-dirty";

    public Build {
        Required.text(version, "version");
        Required.text(commit, "commit");
    }
}
