package dev.tracetoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.compare.RunComparison;
import dev.tracetoll.experiment.gate.GateTrial;
import dev.tracetoll.experiment.gate.Slowdown;
import dev.tracetoll.experiment.gate.TrialStore;
import dev.tracetoll.faults.Tries;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.NeedsEbpf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code tracetoll selftest gate} in a short form: whatever the load of this machine, the gate must not be wrong.
 */
@NeedsEbpf
@BesideOthers
@Order(0)
class SelftestCommandIT {

    /** With fewer than those there is no verdict, but all that leads to one; verdicts are in the tests of what calculates them, and of bench. */
    private static final String ROUNDS = Integer.toString(Tries.wanted(1, RunComparison.FEWEST_ROUNDS));

    @TempDir
    private Path directory;

    private Surroundings surroundings;

    @BeforeEach
    void rememberSurroundings() throws IOException {
        surroundings = new Surroundings();
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        surroundings.assertUnchanged();
    }

    @Test
    void theGateDoesNotCryWolfAndCallsNoLargeSlowdownFine() throws IOException {
        // Its rounds are measured in JVMs that are started with the options of the one that asks for them.
        ToolServer.Ended ended = ToolServer.run(
                List.of(
                        "selftest",
                        "gate",
                        "--comparisons",
                        "1",
                        "--slowdown",
                        "50",
                        "--rounds-each",
                        ROUNDS,
                        "--seed",
                        "7",
                        "--out",
                        directory.toString()),
                directory);

        GateTrial trial = TrialStore.load(only("results"));
        assertThat(trial.points())
                .hasSize(1 + Slowdown.Place.values().length)
                .allSatisfy(point -> assertThat(point.comparisons()).isEqualTo(1));
        assertThat(trial.points().get(0).dearer()).as("false alarms").isZero();
        assertThat(trial.points())
                .filteredOn(point -> point.made()
                        .filter(slowdown -> slowdown.percent() == 50)
                        .isPresent())
                .hasSize(2)
                .allSatisfy(point -> {
                    // How large it is made follows from what a step costs at the beginning, which differs from later on
                    // where others work too.
                    assertThat(point.measured().median())
                            .as("a slowdown of 50 %, in truth")
                            .isBetween(1.2, 5.0);
                    assertThat(point.fine() + point.cheaper())
                            .as("large slowdowns called fine")
                            .isZero();
                });
        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        assertThat(only("reports"))
                .isDirectoryContaining("glob:**/gate.md")
                .isDirectoryContaining("glob:**/gate-dark.png");
    }

    private Path only(String kind) throws IOException {
        try (Stream<Path> directories = Files.list(directory.resolve(kind))) {
            List<Path> all = directories.toList();
            assertThat(all).hasSize(1);
            return all.get(0);
        }
    }
}
