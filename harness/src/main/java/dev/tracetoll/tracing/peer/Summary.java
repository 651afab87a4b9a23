package dev.tracetoll.tracing.peer;

import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.tracing.TraceCounts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The total that a tool prints when it ends.
 *
 * @param calls what it tells the calls by; the first group is their number
 * @param printed what it prints in any case, and nothing else if there was no call
 */
record Summary(Pattern calls, String printed) {

    /** @throws OperationFailed if there is no such total in the file */
    TraceCounts read(Path file) throws IOException {
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        Matcher matcher = calls.matcher(text);
        if (matcher.find()) {
            return new TraceCounts(Long.parseLong(matcher.group(1)), 0, 0, 0, 0);
        }
        if (text.contains(printed)) {
            return new TraceCounts(0, 0, 0, 0, 0);
        }
        throw new OperationFailed("it did not say how many calls it saw");
    }
}
