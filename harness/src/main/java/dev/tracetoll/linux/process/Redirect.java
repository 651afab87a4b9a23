package dev.tracetoll.linux.process;

import java.nio.file.Path;

/** What one of a child's standard streams is. */
public sealed interface Redirect {

    /** The same stream as ours. */
    Redirect INHERIT = new Inherit();

    /** None. */
    Redirect CLOSED = new Closed();

    /** A pipe to us. */
    Redirect PIPE = new Pipe();

    /** An input without bytes, an output that is thrown away. */
    Redirect NULL = new File(Path.of("/dev/null"));

    record Inherit() implements Redirect {}

    record Closed() implements Redirect {}

    record Pipe() implements Redirect {}

    /** A file: read as an input, made or emptied and then written as an output. */
    record File(Path path) implements Redirect {}
}
