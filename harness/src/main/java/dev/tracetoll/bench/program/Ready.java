package dev.tracetoll.bench.program;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.tracetoll.problem.BadInput;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** How a server shows that it is ready for its load. */
public sealed interface Ready {

    /**
     * It takes connections.
     *
     * @param port TCP, on this machine
     */
    record Port(int port) implements Ready {

        /** Whether it does now. */
        boolean open() {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
                return true;
            } catch (IOException e) {
                return false;
            }
        }
    }

    /**
     * It prints a line.
     *
     * @param pattern that is found in the line
     */
    record Line(Pattern pattern) implements Ready {}

    /**
     * A number is a port, all else a regular expression.
     *
     * @throws BadInput if it is neither
     */
    static Ready parse(String typed) {
        if (typed.matches("[0-9]+")) {
            int port = typed.length() > 5 ? 0 : Integer.parseInt(typed);
            if (port < 1 || port > 65_535) {
                throw new BadInput("--ready " + typed + " is no port; use one from 1 to 65535, or an expression that "
                        + "a line of the server's matches");
            }
            return new Port(port);
        }
        try {
            return new Line(Pattern.compile(typed));
        } catch (PatternSyntaxException e) {
            throw new BadInput(
                    "--ready '" + typed + "' is no regular expression: " + e.getDescription() + " in '" + e.getPattern()
                            + "'; see https://github.com/google/re2/wiki/Syntax",
                    e);
        }
    }
}
