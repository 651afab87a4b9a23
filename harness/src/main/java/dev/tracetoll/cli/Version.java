package dev.tracetoll.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.IVersionProvider;

/** The version of Tracetoll, with the commit where it is run from a clone. */
final class Version implements IVersionProvider {

    private static final String RELEASE = "0.1.0";

    @Override
    public String[] getVersion() {
        Path home = Path.of(System.getProperty("tracetoll.home", "."));
        String commit = Files.exists(home.resolve(".git"))
                ? Tool.output("git", "-C", home.toString(), "rev-parse", "--short=12", "HEAD").map(found -> " (" + found + ")").orElse("")
                : "";
        return new String[] {"tracetoll " + RELEASE + commit};
    }
}
