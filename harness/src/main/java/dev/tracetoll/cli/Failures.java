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
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The one place where a failure becomes a line on stderr and an exit code. */
final class Failures {

    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;
    private static final int INTERRUPTED = 130;

    /** Subcommands that the launcher handles before Java is asked. */
    static final List<String> OF_THE_LAUNCHER = List.of("test");

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
            say("failed unexpectedly: " + failure
                    + (debug.getAsBoolean() ? "" : "; run again with --debug for the stack trace"));
            code = FAILED;
        }
        if (debug.getAsBoolean()) {
            failure.printStackTrace(out);
        }
        return code;
    }

    int wrongUsage(ParameterException wrong) {
        CommandLine command = wrong.getCommandLine();
        say(what(wrong, command) + "; see '" + command.getCommandSpec().qualifiedName() + " --help'");
        return WRONG_USAGE;
    }

    private static String what(ParameterException wrong, CommandLine command) {
        if (wrong instanceof UnmatchedArgumentException unmatched
                && !unmatched.isUnknownOption()
                && !command.getSubcommands().isEmpty()) {
            return unknownCommand(unmatched.getUnmatched().get(0), command);
        }
        boolean unmatched = wrong instanceof UnmatchedArgumentException || wrong instanceof MissingParameterException;
        // What is missing may have been mistyped: then the mistake is what to tell.
        return command.getUnmatchedArguments().stream()
                .filter(argument -> unmatched && argument.matches("-.+"))
                .findFirst()
                .map(typed -> unknownOption(typed.replaceFirst("=.*", ""), command))
                .orElseGet(() ->
                        WrongValue.inWords(wrong).orElseGet(wrong::getMessage).replaceFirst("^Error: ", ""));
    }

    private static String unknownOption(String typed, CommandLine command) {
        Stream<String> names = command.getCommandSpec().options().stream()
                .filter(option -> !option.hidden())
                .flatMap(option -> Stream.of(option.names()));
        return "unknown option '" + typed + "'"
                + nearest(typed, names.toList())
                        .map(name -> "; the nearest is '" + name + "'")
                        .orElse("");
    }

    /**
     * What a command exits with that has come to its end: it has failed if nobody got what it printed. Whoever stopped reading, as {@code head} does, got
     * what they wanted.
     *
     * @param code of the command
     * @param printing why what it printed was not written; empty if it was
     */
    int finished(int code, Optional<IOException> printing) {
        if (told
                || printing.filter(failure -> !CheckedOutput.readerIsGone(failure))
                        .isEmpty()) {
            return code;
        }
        say("cannot write to standard output: " + printing.get().getMessage() + "; send it elsewhere");
        return FAILED;
    }

    private static String unknownCommand(String typed, CommandLine command) {
        List<String> names = Stream.concat(
                        command.getSubcommands().keySet().stream(),
                        command.getParent() == null ? OF_THE_LAUNCHER.stream() : Stream.of())
                .sorted()
                .toList();
        return "unknown command '" + typed + "'; "
                + nearest(typed, names)
                        .map(name -> "the nearest is '" + name + "'")
                        .orElse("there are " + String.join(", ", names));
    }

    /** The name that was probably meant: one that differs in less than half of its letters. */
    private static Optional<String> nearest(String typed, List<String> names) {
        return names.stream()
                .filter(name -> 2 * EditDistance.between(typed, name) < Math.max(typed.length(), name.length()))
                .min(Comparator.comparingInt((String name) -> EditDistance.between(typed, name))
                        .thenComparing(Comparator.naturalOrder()));
    }

    private void say(String message) {
        told = true;
        out.println(
                "tracetoll: " + message.strip().replaceAll("\\s*\\R\\s*", "; ").replaceAll("\\p{Cntrl}", "?"));
    }
}
