package dev.tracetoll.cli;

import dev.tracetoll.linux.process.NativeWords;
import dev.tracetoll.problem.OperationFailed;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** What several commands make of how they were called. */
final class Invocation {

    private Invocation() {}

    /** Where results/ and reports/ are: the directory that was named, or this clone, or the user's own where Tracetoll is installed. */
    static Path home(Path named) {
        return named != null ? named : home();
    }

    /** The same where no directory was named; in a clone its sources are there too. */
    static Path home() {
        return Path.of(System.getProperty("tracetoll.home", "."));
    }

    /** The seed that was named, or a random one of 48 bits: every reader of JSON has such a number exactly. */
    static long seed(Long named) {
        return named != null ? named : new SecureRandom().nextLong() >>> 16;
    }

    /** The command line, word by word, so that it can be run again. */
    static List<String> words(CommandSpec spec) {
        List<String> words = new ArrayList<>(List.of("./tracetoll"));
        words.addAll(spec.root().commandLine().getParseResult().originalArgs());
        return words;
    }

    /**
     * The last words of the command line, byte for byte as they were typed; where it is not that of this process, as text has them.
     *
     * @param last as text
     */
    static NativeWords typed(CommandSpec spec, List<String> last) {
        if (!((Main) spec.root().userObject()).onlyCommand()) {
            return NativeWords.of(last);
        }
        try {
            return NativeWords.ownArguments(last.size());
        } catch (IOException e) {
            throw new OperationFailed(
                    "Reading the own command line failed: " + e.getMessage() + "; is /proc mounted?", e);
        }
    }
}
