package dev.tracetoll.burst;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The targets as built with the newest and with the oldest supported Go. */
public enum GoToolchains {
    NEWEST("bin"),
    OLDEST("bin-oldest");

    private final String directory;

    GoToolchains(String directory) {
        this.directory = directory;
    }

    public TargetProgram program(String name) {
        Path path = Path.of(System.getProperty(TargetProgram.HOME_PROPERTY), "targets", "target", directory, name);
        assertThat(path)
                .as("built by targets/build.sh; the oldest Go is Debian's golang-1.19-go")
                .exists();
        return TargetProgram.at(path);
    }

    /** Every target with its arguments, built with either. */
    public static Stream<Built> all() {
        return Stream.of(values())
                .flatMap(go -> Stream.of(
                        new Built(go.program("calls")),
                        new Built(go.program("leaf")),
                        new Built(go.program("text"), "-bytes", "1000"),
                        new Built(go.program("recursive"), "-depth", "700"),
                        new Built(go.program("goroutines"), "-k", "3"),
                        new Built(go.program("writes"), "-k", "2")));
    }

    /** A target and how to launch it. */
    public record Built(TargetProgram program, String... arguments) {
        public Target launch(boolean stopBeforeExec) {
            return Target.launch(program, List.of(arguments), stopBeforeExec);
        }

        @Override
        public String toString() {
            Path directory = program.path().getParent();
            return directory.getFileName() + "/" + program.name();
        }
    }
}
