package dev.tracetoll.cli;

import dev.tracetoll.golang.EditDistance;
import dev.tracetoll.problem.Problem;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The one place where a failure becomes a line on stderr and an exit code. */
final class Failures {

    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;
    private static final int INTERRUPTED = 130;

    /** Subcommands that the launcher handles before Java is asked. */
    private static final List<String> OF_THE_LAUNCHER = List.of("test");

    private final PrintStream out;
    private final BooleanSupplier debug;
    private boolean told;

    Failures(PrintStream out, BooleanSupplier debug) {
        this.out = out;
        this.debug = debug;
    }

    int failed(Throwable failure) {
        int code;
        if (failure instanceof Problem problem) {
            say(problem.getMessage());
            code = problem.exitCode();
        } else if (failure instanceof InterruptedException) {
            say("interrupted");
            code = INTERRUPTED;
        } else {
            say("failed unexpectedly: " + failure + (debug.getAsBoolean() ? "" : "; run again with --debug for the stack trace"));
            code = FAILED;
        }
        if (debug.getAsBoolean()) {
            failure.printStackTrace(out);
        }
        return code;
    }

    int wrongUsage(ParameterException wrong) {
        CommandLine command = wrong.getCommandLine();
        boolean unknownCommand = wrong instanceof UnmatchedArgumentException unmatched
                && !command.getSubcommands().isEmpty() && !unmatched.isUnknownOption();
        String what = unknownCommand
                ? unknownCommand(((UnmatchedArgumentException) wrong).getUnmatched().get(0), command)
                : WrongValue.inWords(wrong).orElseGet(wrong::getMessage).replaceFirst("^Error: ", "");
        say(what + "; see '" + command.getCommandSpec().qualifiedName() + " --help'");
        return WRONG_USAGE;
    }

    /**
     * What a command exits with that has come to its end: it has failed if nobody got what it printed. Whoever stopped reading, as {@code head} does, got
     * what they wanted.
     *
     * @param code of the command
     * @param printing why what it printed was not written; empty if it was
     */
    int finished(int code, Optional<IOException> printing) {
        if (told || printing.filter(failure -> !CheckedOutput.readerIsGone(failure)).isEmpty()) {
            return code;
        }
        say("cannot write to standard output: " + printing.get().getMessage() + "; send it elsewhere");
        return FAILED;
    }

    private static String unknownCommand(String typed, CommandLine command) {
        String nearest = Stream.concat(command.getSubcommands().keySet().stream(), command.getParent() == null ? OF_THE_LAUNCHER.stream() : Stream.of())
                .min(Comparator.comparingInt((String name) -> EditDistance.between(typed, name)).thenComparing(Comparator.naturalOrder()))
                .orElseThrow();
        return "unknown command '" + typed + "'; the nearest is '" + nearest + "'";
    }

    private void say(String message) {
        told = true;
        out.println("tracetoll: " + message.strip().replaceAll("\\s*\\R\\s*", "; ").replaceAll("\\p{Cntrl}", "?"));
    }
}
