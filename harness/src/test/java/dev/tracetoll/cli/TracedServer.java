package dev.tracetoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;

/** The program {@code traced} on its own, waiting for its input to end, with calls going on all the time. */
final class TracedServer {

    private TracedServer() {}

    /** Starts it; it calls by the time this returns. */
    static Process start(Path program) throws IOException {
        Process server = new ProcessBuilder(program.toString(), "serve")
                .redirectErrorStream(true)
                .start();
        assertThat(server.getInputStream().readNBytes(6)).asString().isEqualTo("ready\n");
        return server;
    }
}
