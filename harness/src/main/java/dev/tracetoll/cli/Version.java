package dev.tracetoll.cli;

import dev.tracetoll.results.Build;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The version of Tracetoll, with the commit where it is run from a clone. */
final class Version implements IVersionProvider {

    private static final String RELEASE = "0.1.0";
    private static final String UNKNOWN = "unknown";

    @Override
    public String[] getVersion() {
        return new String[] {line()};
    }

    /** What {@code --version} prints. */
    static String line() {
        Build build = build();
        return "tracetoll " + build.version() + (build.commit().equals(UNKNOWN) ? "" : " (" + build.commit() + ")");
    }

    /** This build. */
    static Build build() {
        Path home = Invocation.home();
        Optional<String> commit = Files.exists(home.resolve(".git"))
                ? Tool.output(
                        "git", "-C", home.toString(), "describe", "--always", "--abbrev=12", "--dirty", "--exclude=*")
                : Optional.empty();
        return new Build(RELEASE, commit.orElse(UNKNOWN));
    }
}
