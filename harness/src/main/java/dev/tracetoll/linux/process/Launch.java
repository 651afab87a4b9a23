package dev.tracetoll.linux.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How to start a child.
 *
 * @param program the file to execute
 * @param vector its argument vector, whose first word is what the program is called
 * @param inheritance what it inherits beside its standard streams
 * @param stdin its standard input
 * @param stdout its standard output
 * @param stderr its standard error
 * @param waitBeforeExec whether the child waits, just before it executes the program, until it is resumed
 * @param directory where it runs; empty for where we do
 */
public record Launch(
        Path program,
        NativeWords vector,
        Inheritance inheritance,
        Redirect stdin,
        Redirect stdout,
        Redirect stderr,
        boolean waitBeforeExec,
        Optional<Path> directory) {

    /** One that runs where we do. */
    public Launch(
            Path program,
            NativeWords vector,
            Inheritance inheritance,
            Redirect stdin,
            Redirect stdout,
            Redirect stderr,
            boolean waitBeforeExec) {
        this(program, vector, inheritance, stdin, stdout, stderr, waitBeforeExec, Optional.empty());
    }

    /** The same in another directory; the paths of program and streams are still seen from ours, so a program's is to be absolute. */
    public Launch in(Path other) {
        return new Launch(program, vector, inheritance, stdin, stdout, stderr, waitBeforeExec, Optional.of(other));
    }

    /**
     * A program that is called by its path.
     *
     * @param arguments what follows the program's path in its argument vector
     * @param inheritance what it inherits beside its standard streams
     */
    public Launch(
            Path program,
            List<String> arguments,
            Inheritance inheritance,
            Redirect stdin,
            Redirect stdout,
            Redirect stderr,
            boolean waitBeforeExec) {
        this(
                program,
                NativeWords.of(arguments).behind(List.of(program.toString())),
                inheritance,
                stdin,
                stdout,
                stderr,
                waitBeforeExec);
    }

    /**
     * A program that is called by its path and inherits an environment only.
     *
     * @param arguments what follows the program's path in its argument vector
     * @param environment its whole environment
     */
    public Launch(
            Path program,
            List<String> arguments,
            Map<String, String> environment,
            Redirect stdin,
            Redirect stdout,
            Redirect stderr,
            boolean waitBeforeExec) {
        this(program, arguments, Inheritance.of(environment), stdin, stdout, stderr, waitBeforeExec);
    }
}
