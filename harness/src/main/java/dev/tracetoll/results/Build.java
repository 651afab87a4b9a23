package dev.tracetoll.results;

import dev.tracetoll.schema.Required;

/**
 * Which Tracetoll measured.
 *
 * @param version version of Tracetoll
 * @param commit commit it was built from, {@code unknown} outside a repository; ends in {@code -dirty} with local changes
 */
public record Build(String version, String commit) {

    public Build {
        Required.text(version, "version");
        Required.text(commit, "commit");
    }
}
