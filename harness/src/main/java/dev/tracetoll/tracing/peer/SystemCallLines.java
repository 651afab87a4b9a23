package dev.tracetoll.tracing.peer;

import dev.tracetoll.tracing.TraceCounts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How a tool writes system calls down: in a line each, or in two where another thread's came in between.
 *
 * @param call a call, whole or begun; its groups are the thread, if the line names it, and the file descriptor
 * @param resumed the rest of one that was begun; its group is the thread
 */
record SystemCallLines(Pattern call, Pattern resumed) {

    private static final Pattern RESULT = Pattern.compile(".*\\) += -?\\d+.*");

    /** The file that the tool is to write to. */
    static Path file(PeerTask task) {
        return task.directory().resolve("trace");
    }

    /** Those in the task's file that are on its file descriptors. */
    TraceCounts count(PeerTask task) throws IOException {
        Set<String> unfinished = new HashSet<>();
        long calls = 0;
        long returns = 0;
        try (Stream<String> lines = Files.lines(file(task), StandardCharsets.ISO_8859_1)) {
            for (String line : (Iterable<String>) lines::iterator) {
                Matcher begun = call.matcher(line);
                Matcher rest = resumed.matcher(line);
                if (begun.matches() && Integer.parseInt(begun.group(2)) >= task.lowestDescriptor()) {
                    calls++;
                    if (RESULT.matcher(line).matches()) {
                        returns++;
                    } else {
                        unfinished.add(begun.group(1));
                    }
                } else if (rest.matches()
                        && unfinished.remove(rest.group(1))
                        && RESULT.matcher(line).matches()) {
                    returns++;
                }
            }
        }
        return new TraceCounts(calls, returns, 0, 0, 0);
    }
}
