package dev.tracetoll.linux;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How to start a child.
 *
 * @param program the file to execute
 * @param arguments what follows the program's path in its argument vector
 * @param environment its whole environment
 * @param stdin its standard input
 * @param stdout its standard output
 * @param stderr its standard error
 * @param stopBeforeExec whether the child stops, by SIGSTOP, just before it executes the program
 */
public record Launch(
        Path program,
        List<String> arguments,
        Map<String, String> environment,
        Redirect stdin,
        Redirect stdout,
        Redirect stderr,
        boolean stopBeforeExec) {

    public Launch {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }

    /** The program and its arguments. */
    List<String> argumentVector() {
        List<String> vector = new ArrayList<>();
        vector.add(program.toString());
        vector.addAll(arguments);
        return vector;
    }
}
