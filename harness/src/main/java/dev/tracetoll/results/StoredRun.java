package dev.tracetoll.results;

import java.util.Map;

/**
 * A run with the files that hold it.
 *
 * @param run what was measured
 * @param files content by name: {@value ResultStore#RESULTS_FILE}, and {@value ResultStore#JMH_FILE} where there is one beside it
 */
public record StoredRun(Run run, Map<String, byte[]> files) {

    public StoredRun {
        files = Map.copyOf(files);
    }
}
