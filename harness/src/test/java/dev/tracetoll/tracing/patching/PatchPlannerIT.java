package dev.tracetoll.tracing.patching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.golang.Candidate;
import dev.tracetoll.golang.FunctionCode;
import dev.tracetoll.golang.GoBinary;
import dev.tracetoll.golang.GoRelease;
import dev.tracetoll.golang.ProgramCode;
import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.plan.TraceRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is displaced of every function of a program, as the compilers of the oldest and the newest Go have made it. */
@BesideOthers
class PatchPlannerIT {

    /** Of what the compiler made; assembly is refused as a whole. */
    private static final double PATCHED_AT_LEAST = 0.97;

    @TempDir
    private Path directory;

    static Stream<GoRelease> releases() {
        return Stream.of(GoRelease.OLDEST, GoRelease.NEWEST);
    }

    @ParameterizedTest
    @MethodSource("releases")
    void nearlyEveryFunctionCanBePatchedAndNoJumpLeadsIntoAPatch(GoRelease go) {
        Path program = go.build(directory, "traced");
        PatchedSites pricing = new PatchedSites();
        try (GoBinary binary = GoBinary.open(program, pricing);
                ProgramCode code = ProgramCode.open(program)) {
            List<TracedFunction> functions = binary.matching(name -> true).stream()
                    .flatMap(candidate -> candidate instanceof Candidate.Traceable traceable
                            ? Stream.of(traceable.function())
                            : Stream.empty())
                    .filter(function -> !function.anyR14())
                    .toList();
            TracePlan plan = new TracePlan(
                    new TraceRequest(program, functions, binary.runtimeLayout(), binary.types(), true, 64, 1), pricing);
            Map<String, List<Integer>> sites = new HashMap<>();
            IntStream.range(0, plan.sites().size())
                    .forEach(i -> sites.computeIfAbsent(plan.sites().get(i).name(), name -> new ArrayList<>())
                            .add(i));
            PatchPlanner planner = new PatchPlanner(code);
            SortedMap<Long, Patch> patches = new TreeMap<>();
            Map<String, Integer> refusals = new TreeMap<>();
            int patched = 0;
            for (List<Integer> numbers : sites.values()) {
                List<SitePlan> own = numbers.stream().map(plan.sites()::get).toList();
                try {
                    List<Patch> found = planner.of(own, numbers);
                    assertEverySiteIsRecordedOnce(found, numbers);
                    found.forEach(patch -> assertThat(patches.put(patch.address(), patch))
                            .as("two jumps at one place")
                            .isNull());
                    patched++;
                } catch (PatchPlanner.Unpatchable e) {
                    refusals.merge(e.getMessage().replaceAll("0x[0-9a-f]+", "…"), 1, Integer::sum);
                }
            }
            System.out.printf("%s: %d of %d functions can be patched; else %s%n", go, patched, sites.size(), refusals);
            assertNoneOverlaps(patches);
            assertNothingIsWrittenTwice(patches.values());
            patches.values()
                    .forEach(patch ->
                            assertIsNotEntered(code.around(patch.address()).orElseThrow(), patch));
            assertThat(patched).isGreaterThan((int) (PATCHED_AT_LEAST * sites.size()));
        }
    }

    private static void assertEverySiteIsRecordedOnce(List<Patch> patches, List<Integer> numbers) {
        assertThat(patches.stream()
                        .flatMap(patch -> patch.recordings().stream())
                        .map(Patch.Recording::site))
                .containsExactlyInAnyOrderElementsOf(numbers);
    }

    private static void assertNoneOverlaps(SortedMap<Long, Patch> patches) {
        Patch before = null;
        for (Patch patch : patches.values()) {
            if (before != null) {
                assertThat(patch.address())
                        .as("%s behind %s", patch.displaced(), before.displaced())
                        .isGreaterThanOrEqualTo(Math.max(before.end(), before.address() + before.bytes()));
            }
            before = patch;
        }
    }

    /** Padding included, of a function's own or of another one nearby. */
    private static void assertNothingIsWrittenTwice(Collection<Patch> patches) {
        Set<Long> written = new HashSet<>();
        for (Patch patch : patches) {
            LongStream bytes = LongStream.range(patch.address(), patch.address() + patch.bytes());
            LongStream padding = patch.via().stream().flatMap(via -> LongStream.range(via, via + Patch.JUMP_BYTES));
            LongStream.concat(bytes, padding)
                    .forEach(at -> assertThat(written.add(at))
                            .as("0x%x, written once", at)
                            .isTrue());
        }
    }

    /** By the function's own jumps, and by calls of it that return there. */
    private static void assertIsNotEntered(FunctionCode code, Patch patch) {
        long overwritten = patch.address() + patch.bytes();
        code.targets()
                .ifPresent(targets ->
                        assertThat(targets).noneMatch(target -> target > patch.address() && target < overwritten));
        code.instructions().stream()
                .filter(each -> each.next() > patch.address() && each.next() < overwritten)
                .forEach(each -> assertThat(patch.displaced())
                        .as("what ends within the jump is displaced")
                        .contains(each));
    }
}
