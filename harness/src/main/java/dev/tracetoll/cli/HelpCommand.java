package dev.tracetoll.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code tracetoll help}: what {@code --help} of a command shows. */
@Command(name = "help", description = "Show the help of a command, as its --help does.")
final class HelpCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "COMMAND",
            description = "The command, and a command of that one; without any, all commands are listed.")
    private List<String> names = List.of();

    @Override
    public Integer call() {
        CommandLine command = spec.parent().commandLine();
        for (String name : names) {
            CommandLine next = command.getSubcommands().get(name);
            if (next == null && (command.getParent() != null || !Failures.OF_THE_LAUNCHER.contains(name))) {
                throw new UnmatchedArgumentException(command, List.of(name));
            }
            command = next == null ? command : next;
        }
        command.usage(System.out);
        return 0;
    }
}
