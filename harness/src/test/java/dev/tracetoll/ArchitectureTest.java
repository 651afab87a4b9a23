package dev.tracetoll;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Holds the architecture: one package a concept, arrows only downwards. Rules are methods: Maven passes over those that are fields, in silence. */
@AnalyzeClasses(packages = "dev.tracetoll", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String TRACING = "dev.tracetoll.tracing";

    /** What is below {@code tracing} and no technique, so that whatever is added there is one. */
    private static final Set<String> SHARED_ROOMS = Set.of(
            "format",
            "guard",
            "mixed",
            "patching",
            "plan",
            "record",
            "registry",
            "ring",
            "syscall",
            "totals",
            "uprobe");

    /**
     * The technique that the classes of a package belong to; empty if they belong to none.
     *
     * @param name the package
     */
    private static Optional<String> technique(String tracing, String name) {
        return name.startsWith(tracing + ".")
                ? Optional.of(name.substring(tracing.length() + 1).split("\\.")[0])
                        .filter(room -> !SHARED_ROOMS.contains(room))
                : Optional.empty();
    }

    /** @param tracing the package of which the techniques are parts */
    private static ArchRule techniquesDoNotMeet(String tracing) {
        return slices().assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass each) {
                        return technique(tracing, each.getPackageName())
                                .map(SliceIdentifier::of)
                                .orElseGet(SliceIdentifier::ignore);
                    }

                    @Override
                    public String getDescription() {
                        return "techniques";
                    }
                })
                .namingSlices("technique $1")
                .should()
                .notDependOnEachOther();
    }

    @ArchTest
    static void techniquesAreSiblingsThatDoNotMeet(JavaClasses classes) {
        techniquesDoNotMeet(TRACING).check(classes);
    }

    @ArchTest
    static void techniquesAreFound(JavaClasses classes) {
        assertThat(classes.stream()
                        .flatMap(each -> technique(TRACING, each.getPackageName()).stream())
                        .distinct())
                .as("what traces, and the buffers alone, which are no part of a technique either")
                .containsExactlyInAnyOrder("ebpf", "ptrace", "inline", "source", "peer", "buffer");
    }

    /** Of the fixtures, {@code left} knows {@code right}, and both know a room that they share. */
    @ArchTest
    static void techniquesThatMeetAreFound(JavaClasses ignored) {
        String tracing = "dev.tracetoll.architecture.tracing";
        JavaClasses fixtures = new ClassFileImporter().importPackages(tracing);
        JavaClasses alone = new ClassFileImporter().importPackages(tracing + ".right", tracing + ".ring");

        techniquesDoNotMeet(tracing).check(alone);
        assertThatThrownBy(() -> techniquesDoNotMeet(tracing).check(fixtures))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("technique left")
                .hasMessageContaining("technique right")
                .hasMessageNotContaining("technique ring");
    }

    /**
     * A layer of the architecture.
     *
     * @param of whether it has the classes of a package
     * @param accessedBy the names of the layers that may know it; empty if all may
     */
    private record Layer(String name, Predicate<String> of, Optional<Set<String>> accessedBy) {

        static Layer of(String name, String room, String... accessedBy) {
            String whole = "dev.tracetoll." + room;
            return new Layer(
                    name, each -> each.equals(whole) || each.startsWith(whole + "."), Optional.of(Set.of(accessedBy)));
        }

        /** One that all may know. */
        static Layer ofAll(String name, String room) {
            return new Layer(name, of(name, room).of, Optional.empty());
        }
    }

    private static final List<Layer> LAYERS = List.of(
            Layer.of("cli", "cli"),
            Layer.of("experiment", "experiment", "cli"),
            Layer.of("history", "history", "cli"),
            Layer.of("export", "export", "cli"),
            Layer.of("report", "report", "cli", "experiment", "history", "export"),
            Layer.of("bench", "bench", "cli", "experiment"),
            Layer.of("compare", "compare", "cli", "experiment", "history", "export", "report", "bench"),
            Layer.of("results", "results", "cli", "experiment", "history", "export", "report", "bench", "compare"),
            Layer.of(
                    "environment",
                    "environment",
                    "cli",
                    "experiment",
                    "history",
                    "export",
                    "report",
                    "bench",
                    "compare",
                    "results"),
            Layer.of("schema", "schema", "experiment", "bench", "results", "environment"),
            Layer.of(
                    "stats",
                    "stats",
                    "cli",
                    "experiment",
                    "history",
                    "export",
                    "report",
                    "bench",
                    "compare",
                    "results",
                    "burst"),
            Layer.of("burst", "burst", "cli", "experiment", "bench"),
            Layer.of("mixed", "tracing.mixed", "cli"),
            new Layer(
                    "techniques",
                    each -> technique(TRACING, each).isPresent(),
                    Optional.of(Set.of("cli", "experiment", "bench"))),
            Layer.of("format", "tracing.format", "cli"),
            Layer.of("ring", "tracing.ring", "cli", "experiment", "bench", "techniques"),
            Layer.of("record", "tracing.record", "mixed", "techniques", "ring"),
            Layer.of("totals", "tracing.totals", "techniques"),
            Layer.of("guard", "tracing.guard", "cli", "format"),
            new Layer(
                    "tracing",
                    each -> each.equals(TRACING) || each.startsWith(TRACING + ".syscall"),
                    Optional.of(Set.of(
                            "cli",
                            "experiment",
                            "bench",
                            "burst",
                            "mixed",
                            "techniques",
                            "patching",
                            "format",
                            "ring",
                            "record",
                            "totals",
                            "guard"))),
            Layer.of("patching", "tracing.patching", "cli", "bench", "techniques"),
            Layer.of("uprobe", "tracing.uprobe", "cli", "bench", "techniques"),
            Layer.of(
                    "plan",
                    "tracing.plan",
                    "cli",
                    "bench",
                    "mixed",
                    "techniques",
                    "patching",
                    "ring",
                    "record",
                    "totals",
                    "tracing",
                    "format",
                    "uprobe"),
            Layer.of(
                    "registry",
                    "tracing.registry",
                    "cli",
                    "experiment",
                    "history",
                    "report",
                    "bench",
                    "compare",
                    "techniques",
                    "tracing"),
            Layer.of("process", "process", "techniques", "patching"),
            // What a site costs, and under which mechanism, is not for golang to know: of what is below it has files
            // alone.
            Layer.of(
                    "golang",
                    "golang",
                    "cli",
                    "bench",
                    "burst",
                    "mixed",
                    "techniques",
                    "patching",
                    "tracing",
                    "format",
                    "record",
                    "totals",
                    "guard",
                    "uprobe",
                    "plan"),
            Layer.of(
                    "x86",
                    "x86",
                    "cli",
                    "bench",
                    "techniques",
                    "patching",
                    "ring",
                    "record",
                    "tracing",
                    "uprobe",
                    "plan",
                    "golang"),
            Layer.of("linux.features", "linux.features", "cli"),
            Layer.of("linux.bpf", "linux.bpf", "cli", "techniques", "ring", "linux.features"),
            Layer.of("linux.perf", "linux.perf", "techniques", "linux.bpf"),
            Layer.of("linux.ptrace", "linux.ptrace", "techniques", "patching", "process", "x86", "linux.features"),
            Layer.of(
                    "linux.process",
                    "linux.process",
                    "cli",
                    "bench",
                    "burst",
                    "mixed",
                    "techniques",
                    "patching",
                    "format",
                    "ring",
                    "guard",
                    "process",
                    "linux.features"),
            Layer.of("linux.elf", "linux.elf", "techniques", "patching", "process", "golang"),
            Layer.of("linux.capstone", "linux.capstone", "x86", "linux.features"),
            Layer.of(
                    "linux.file",
                    "linux.file",
                    "cli",
                    "bench",
                    "results",
                    "burst",
                    "techniques",
                    "patching",
                    "process",
                    "golang",
                    "linux.features",
                    "linux.bpf",
                    "linux.perf",
                    "linux.process",
                    "linux.elf"),
            Layer.of(
                    "linux.kernel",
                    "linux.kernel",
                    "cli",
                    "techniques",
                    "patching",
                    "uprobe",
                    "process",
                    "linux.features",
                    "linux.bpf",
                    "linux.perf",
                    "linux.ptrace",
                    "linux.process",
                    "linux.file"),
            // Nobody else calls libc.
            Layer.of(
                    "linux.libc",
                    "linux.libc",
                    "linux.features",
                    "linux.bpf",
                    "linux.perf",
                    "linux.ptrace",
                    "linux.process",
                    "linux.elf",
                    "linux.capstone",
                    "linux.file",
                    "linux.kernel"),
            Layer.of("text", "text", "cli", "experiment", "history", "export", "report", "format"),
            Layer.ofAll("problem", "problem"));

    @ArchTest
    static void arrowsPointDownwards(JavaClasses classes) {
        LayeredArchitecture architecture =
                layeredArchitecture().consideringOnlyDependenciesInLayers().withOptionalLayers(true);
        for (Layer layer : LAYERS) {
            architecture = architecture
                    .layer(layer.name)
                    .definedBy(describe(layer.name, (JavaClass each) -> layer.of.test(each.getPackageName())));
        }
        for (Layer layer : LAYERS) {
            if (layer.accessedBy.isPresent()) {
                Set<String> names = layer.accessedBy.get();
                architecture = names.isEmpty()
                        ? architecture.whereLayer(layer.name).mayNotBeAccessedByAnyLayer()
                        : architecture.whereLayer(layer.name).mayOnlyBeAccessedByLayers(names.toArray(String[]::new));
            }
        }
        architecture
                .whereLayer("registry")
                .mayNotAccessAnyLayer()
                .whereLayer("text")
                .mayNotAccessAnyLayer()
                .check(classes);
    }

    @ArchTest
    static void everyClassIsInALayer(JavaClasses classes) {
        assertThat(classes)
                .allSatisfy(each -> assertThat(LAYERS.stream().filter(layer -> layer.of.test(each.getPackageName())))
                        .as("layers of %s", each.getName())
                        .hasSize(1));
    }

    private static final Pattern IMPORT =
            Pattern.compile("(?m)^import (?:static )?(dev\\.tracetoll\\.[a-z0-9.]+)\\.[A-Z]");

    /** The compiler writes constants where they are used, so an arrow through constants alone is to be seen in sources only. */
    @ArchTest
    static void importsPointDownwards(JavaClasses ignored) throws IOException {
        Path sources = Path.of("src/main/java");
        try (Stream<Path> files = Files.walk(sources)) {
            List<Path> all =
                    files.filter(each -> each.toString().endsWith(".java")).toList();
            assertThat(all).hasSizeGreaterThan(LAYERS.size());
            for (Path file : all) {
                Layer from =
                        layer(sources.relativize(file).getParent().toString().replace('/', '.'));
                IMPORT.matcher(Files.readString(file))
                        .results()
                        .map(found -> layer(found.group(1)))
                        .forEach(to -> assertThat(to.equals(from)
                                        || to.accessedBy.isEmpty()
                                        || to.accessedBy.get().contains(from.name))
                                .as("%s may know %s", file, to.name)
                                .isTrue());
            }
        }
    }

    private static Layer layer(String room) {
        return LAYERS.stream()
                .filter(layer -> layer.of.test(room))
                .findFirst()
                .orElseThrow(() -> new AssertionError(room + " is in no layer"));
    }

    @ArchTest
    static void noCycles(JavaClasses classes) {
        slices().matching("dev.tracetoll.(**)").should().beFreeOfCycles().check(classes);
    }

    /** A trial of the gate has a command of its own. */
    @ArchTest
    static void onlyTheListKnowsExperiments(JavaClasses classes) {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.tracetoll.experiment..")
                .and()
                .haveNameNotMatching(
                        "dev\\.tracetoll\\.cli\\.(Experiments|PredictCommand|ProgramOptions|RingOptions|SelftestCommand|TuneCommand)(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.tracetoll.experiment.*..")
                .check(classes);
    }

    @ArchTest
    static void onlyLinuxTouchesNativeCode(JavaClasses classes) {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.tracetoll.linux..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("jnr..", "com.kenai.jffi..", "sun.misc..")
                .check(classes);
    }

    @ArchTest
    static void statisticsKnowNothingOfTracing(JavaClasses classes) {
        noClasses()
                .that()
                .resideInAPackage("dev.tracetoll.stats..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.tracetoll.tracing..",
                        "dev.tracetoll.golang..",
                        "dev.tracetoll.linux..",
                        "org.openjdk.jmh..")
                .allowEmptyShould(true)
                .check(classes);
    }
}
