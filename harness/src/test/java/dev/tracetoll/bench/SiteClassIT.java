package dev.tracetoll.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.burst.GoToolchains;
import dev.tracetoll.results.Site;
import dev.tracetoll.testing.Alone;
import dev.tracetoll.testing.NeedsEbpf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The kernel does with the instruction under a probe what the class of the site foretells. It gives a process a page to execute displaced
 * instructions in, named {@code [uprobes]} in its memory map, when it first steps over one, and pages to call in the place of nops, named
 * {@code [uprobes-trampoline]}, when it first does so.
 */
@Alone
@NeedsEbpf
class SiteClassIT {

    /** The kernel replaces a nop when it is hit for the first time; the calls after that show whether the replacement works. */
    private static final int CALLS = 50;

    private static final String STEPPING = "[uprobes]";
    private static final String CALLING = "[uprobes-trampoline]";

    /** Empty programs, since what reads floating-point registers probes the runtime besides. */
    static Stream<Arguments> probed() {
        return Stream.of(GoToolchains.values())
                .flatMap(go -> Stream.of("nop", "text", "calls", "leaf", "recursive", "goroutines")
                        .flatMap(target -> Stream.of(
                                        "ebpf-empty", "ebpf-readings", "ebpf-empty-entry", "ebpf-empty-returns")
                                .map(technique -> Arguments.of(go, target, technique))));
    }

    @ParameterizedTest
    @MethodSource("probed")
    void theKernelDoesWhatTheClassSays(GoToolchains go, String target, String technique) throws IOException {
        try (TracedTarget traced =
                TargetLauncher.launch(Techniques.named(technique), go.program(target), List.of(), event -> {})) {
            traced.burst(1, CALLS);

            Set<String> foretold = traced.sites().stream().map(Site::siteClass).collect(Collectors.toSet());
            Set<String> pages = pages(traced);
            assertThat(foretold).isNotEmpty();
            assertThat(pages.contains(STEPPING))
                    .as("%s: it stepped over one of %s", pages, traced.sites())
                    .isEqualTo(foretold.contains("stepped"));
            assertThat(pages.contains(CALLING))
                    .as("%s: it called in place of one of %s", pages, traced.sites())
                    .isEqualTo(foretold.contains("optimized"));
        }
    }

    /** Otherwise the test above would show nothing. */
    @Test
    void whatIsNotHitLeavesNoPages() throws IOException {
        try (TracedTarget traced = TargetLauncher.launch(
                Techniques.named("ebpf-unhit"), GoToolchains.NEWEST.program("text"), List.of(), event -> {})) {
            traced.burst(1, CALLS);

            assertThat(pages(traced)).doesNotContain(STEPPING, CALLING);
        }
    }

    private static Set<String> pages(TracedTarget traced) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + traced.target().pid() + "/maps")).stream()
                .filter(line -> line.contains("["))
                .map(line -> line.substring(line.indexOf('[')))
                .collect(Collectors.toSet());
    }
}
