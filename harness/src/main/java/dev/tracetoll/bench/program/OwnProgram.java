package dev.tracetoll.bench.program;

import dev.tracetoll.linux.process.Inheritance;
import dev.tracetoll.linux.process.NativeWords;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A program of somebody's own, and how it is launched.
 *
 * @param file what is executed
 * @param vector its argument vector, its name included
 * @param arguments the same without the name, for people
 * @param directory where it runs; empty for where this command does
 * @param stdin a file that it reads its standard input from; empty if it has none
 * @param inheritance what it inherits, but for descriptors and signals, of which it has none
 */
public record OwnProgram(
        Path file,
        NativeWords vector,
        List<String> arguments,
        Optional<Path> directory,
        Optional<Path> stdin,
        Inheritance inheritance) {

    public OwnProgram {
        arguments = List.copyOf(arguments);
        inheritance = inheritance.withoutDescriptorsAndSignals();
    }

    /** Its name, as results have it. */
    String name() {
        Path name = file.getFileName();
        return name == null ? file.toString() : name.toString();
    }
}
