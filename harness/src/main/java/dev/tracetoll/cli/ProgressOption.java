package dev.tracetoll.cli;

import dev.tracetoll.cli.ProgressLine.Where;
import picocli.CommandLine.Option;

/** Whether a command says on standard error how far it has come. */
final class ProgressOption {

    @Option(names = "--no-progress", description = "Do not say on standard error how far the measurement has come.")
    private boolean none;

    /** Where it is said. */
    ProgressLine line() {
        return none ? ProgressLine.onStandardError(Where.NOWHERE) : ProgressLine.ofThisTerminal();
    }
}
