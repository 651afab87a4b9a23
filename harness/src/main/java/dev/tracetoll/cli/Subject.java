package dev.tracetoll.cli;

import dev.tracetoll.bench.program.OwnProgram;
import dev.tracetoll.linux.file.ProgramFile;
import dev.tracetoll.linux.process.Inheritance;
import dev.tracetoll.linux.process.NativeWords;
import dev.tracetoll.linux.process.RunningProcess;
import dev.tracetoll.problem.BadInput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Whom a command is to look at: a program that it launches, or a process that runs already. */
final class Subject {

    @Option(
            names = {"-p", "--pid"},
            paramLabel = "PID",
            description = "A process that is running already, in place of a PROGRAM to launch.")
    private @Nullable Integer pid;

    @Option(
            names = "--debug-file",
            paramLabel = "FILE",
            description = "Where the program's debugging information is, if it was stripped to a file of its "
                    + "own; otherwise it is looked for by its build id and .gnu_debuglink, as debuggers do.")
    private @Nullable Path debugFile;

    @Mixin
    private LaunchUser user;

    @Parameters(index = "0", arity = "0..1", paramLabel = "PROGRAM", description = "The program to launch.")
    private @Nullable String program;

    @Parameters(index = "1..*", paramLabel = "ARG", description = "Its arguments.")
    private List<String> arguments = List.of();

    /** What can be done with it, once its file is held. */
    interface Opened<T> {

        /**
         * Does it.
         *
         * @param file the program, which stays the one that was named meanwhile
         * @param name what people call it
         * @param starter gets at the process, once everything else is known to be right
         */
        T with(Path file, String name, Starter starter);
    }

    /** Gets at a process: launches it, or takes the one that runs. */
    interface Starter {
        TraceSubject start();
    }

    /** Whether a program or a process was named. */
    boolean given() {
        return program != null || pid != null;
    }

    /** Whether it is a process that runs already. */
    boolean runs() {
        return pid != null;
    }

    /** The process, by its number; empty if a program is to be launched. */
    Optional<Integer> pid() {
        return Optional.ofNullable(pid);
    }

    /** The program to launch, as it was typed; empty if none was. */
    Optional<String> program() {
        return Optional.ofNullable(program);
    }

    /** The words behind it. */
    List<String> arguments() {
        return arguments;
    }

    /** Where the program's debugging information is, if that was said. */
    Optional<Path> debugFile() {
        return Optional.ofNullable(debugFile);
    }

    /** Whether it was said who the program is to run as. */
    boolean userGiven() {
        return user.given();
    }

    /**
     * Lets only one of the two be named, and a user only for a program.
     *
     * @param neither what to say if nothing was named
     */
    void require(CommandSpec spec, String neither) {
        if (program == null && pid == null) {
            throw wrong(spec, neither);
        }
        if (program != null && pid != null) {
            throw wrong(spec, "give either --pid or a PROGRAM, not both");
        }
        requireLaunched(spec, user.given() && pid != null, "--user");
    }

    /** Refuses what is for a program that is launched, where it was given for another. */
    static void requireLaunched(CommandSpec spec, boolean wrong, String option) {
        if (wrong) {
            throw wrong(spec, option + " is for a PROGRAM that is launched; the process of --pid is running already");
        }
    }

    private static ParameterException wrong(CommandSpec spec, String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** @throws BadInput if there is no such process, or it has ended */
    Optional<RunningProcess> process() {
        return pid().map(RunningProcess::of);
    }

    /**
     * The program, to be launched again and again.
     *
     * @param stdin what it reads; empty for nothing
     * @throws BadInput if there is no such program
     */
    OwnProgram launched(CommandSpec spec, Optional<Path> stdin) {
        Path file = file().toAbsolutePath();
        return new OwnProgram(
                file, vector(spec), arguments, Optional.empty(), stdin, user.inheritance(file, Subject::say));
    }

    private Path file() {
        return ProgramPath.find(program().orElseThrow());
    }

    /** What the program is called and its arguments are, byte for byte as they were typed. */
    private NativeWords vector(CommandSpec spec) {
        List<String> last = new ArrayList<>(List.of(program().orElseThrow()));
        last.addAll(arguments);
        return Invocation.typed(spec, last);
    }

    /**
     * Holds the file, so that what its name leads to when it is executed can be told from what was read, and goes on with it.
     *
     * @param protection what becomes of a launched program when the command is killed
     */
    <T> T open(CommandSpec spec, TraceSubject.Protection protection, Opened<T> opened) {
        if (pid != null) {
            try (RunningProcess process = RunningProcess.of(pid);
                    ProgramFile file = process.program()) {
                return opened.with(file.path(), ProgramFile.name(file.path()), () -> TraceSubject.of(process));
            }
        }
        Path file = file();
        // What cannot be opened is told by its reader.
        Optional<ProgramFile> held = ProgramFile.open(file);
        try {
            NativeWords vector = vector(spec);
            Inheritance inherited = user.inheritance(file, Subject::say);
            return opened.with(
                    held.map(ProgramFile::path).orElse(file),
                    file.toString(),
                    () -> TraceSubject.launch(file, vector, inherited, protection, Subject::say));
        } finally {
            held.ifPresent(ProgramFile::close);
        }
    }

    private static void say(String message) {
        System.err.println("tracetoll: " + message);
    }
}
