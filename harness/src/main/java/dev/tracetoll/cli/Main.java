package dev.tracetoll.cli;

import dev.tracetoll.linux.process.Inheritance;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The entry point; every subcommand is a {@link Callable} of its exit code and throws a {@code Problem} when it cannot go on. */
@Command(
        name = "tracetoll",
        description = "Measures what it costs a Go program to be traced.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "The launcher adds: test [--fast | --all-go] [MAVEN_ARG...]  runs the tests",
            "",
            "Exit codes: 0 fine, 1 failed, 2 wrong usage or bad input, 3 regression found, 4 inconclusive, 77 this machine cannot do it, "
                    + "130 after Ctrl-C, 143 after SIGTERM, 129 after SIGHUP."
        })
public final class Main implements Callable<Integer> {

    private static final Set<String> VERSION = Set.of("--version", "-V");

    /** In the order in which help tells them. */
    private static final List<Class<?>> COMMANDS = List.of(
            BenchCommand.class,
            TraceCommand.class,
            PredictCommand.class,
            TuneCommand.class,
            ReportCommand.class,
            CompareCommand.class,
            BaselineCommand.class,
            SelftestCommand.class,
            DetachCommand.class,
            DoctorCommand.class,
            HelpCommand.class);

    @Spec
    private CommandSpec spec;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Print the stack trace of a failure.")
    private boolean debug;

    private final boolean onlyCommand;

    /** @param onlyCommand whether the arguments are the last ones of this process */
    private Main(boolean onlyCommand) {
        this.onlyCommand = onlyCommand;
    }

    /** Whether the arguments are the last ones of this process. */
    boolean onlyCommand() {
        return onlyCommand;
    }

    /** Runs a subcommand and exits with its documented code. */
    public static void main(String[] arguments) {
        if (!asksForVersion(arguments)) {
            Inheritance.takeNote();
        }
        // Whatever the locale: under LANG=C Java would turn µ and × into question marks.
        CheckedOutput out = new CheckedOutput(new FileOutputStream(FileDescriptor.out));
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
        System.exit(run(new Main(true), out::failure, arguments));
    }

    /** Runs a subcommand; failures are already printed. */
    static int run(String... arguments) {
        return run(new Main(false), Optional::empty, arguments);
    }

    private static boolean asksForVersion(String... arguments) {
        return arguments.length == 1 && VERSION.contains(arguments[0]);
    }

    private static int run(Main main, Supplier<Optional<IOException>> printing, String... arguments) {
        Failures failures = new Failures(System.err, () -> main.debug);
        if (asksForVersion(arguments)) {
            // Scripts ask for it again and again, and need not wait until all commands are known.
            System.out.println(Version.line());
            return failures.finished(0, printing.get());
        }
        CommandLine commandLine = commandLine(main, commands(arguments));
        if (Stream.of(arguments).anyMatch(VERSION::contains)) {
            // Only then: picocli would ask for it once for each command, and git takes its time.
            all(commandLine).forEach(each -> each.getCommandSpec().versionProvider(new Version()));
        }
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setExpandAtFiles(false);
        commandLine.setUsageHelpWidth(StandardOutput.columnsOfHelp());
        // What follows the program that trace launches is the program's.
        Optional.ofNullable(commandLine.getSubcommands().get("trace"))
                .ifPresent(trace -> trace.setStopAtPositional(true));
        commandLine.setParameterExceptionHandler((wrong, ignored) -> failures.wrongUsage(wrong));
        commandLine.setExecutionExceptionHandler((failure, ignored, parsed) -> failures.failed(failure));
        try {
            return failures.finished(commandLine.execute(arguments), printing.get());
        } catch (Throwable failure) {
            return failures.failed(failure);
        }
    }

    /** All commands with all their options, for those who describe them: manual pages and completion are made of it. */
    public static CommandLine described() {
        return commandLine(new Main(false), COMMANDS);
    }

    private static CommandLine commandLine(Main main, List<Class<?>> commands) {
        CommandLine commandLine = new CommandLine(main);
        // A command line of its own each: only so picocli lets a command change its model, as bench does.
        commands.stream().<CommandLine>map(CommandLine::new).forEach(commandLine::addSubcommand);
        return commandLine;
    }

    /** The one that is named first, which then starts sooner by what it takes to make the others; all, if none is. */
    private static List<Class<?>> commands(String... arguments) {
        List<Class<?>> named = COMMANDS.stream()
                .filter(each -> arguments.length > 0
                        && each != HelpCommand.class
                        && each.getAnnotation(Command.class).name().equals(arguments[0]))
                .toList();
        return named.isEmpty() ? COMMANDS : named;
    }

    private static Stream<CommandLine> all(CommandLine command) {
        return Stream.concat(
                Stream.of(command), command.getSubcommands().values().stream().flatMap(Main::all));
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }
}
