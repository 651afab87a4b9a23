package dev.tracetoll;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Optional;
import java.util.Set;

/** Holds the architecture: one package a concept, arrows only downwards. */
@AnalyzeClasses(packages = "dev.tracetoll", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String TRACING = "dev.tracetoll.tracing";

    /** What is below {@code tracing} and no technique, so that whatever is added there is one. */
    private static final Set<String> SHARED_ROOMS = Set.of("format", "plan", "record", "registry", "ring", "syscall");

    /** The technique that a class belongs to; empty if it belongs to none. */
    private static Optional<String> technique(String tracing, JavaClass each) {
        String name = each.getPackageName();
        return name.startsWith(tracing + ".") ? Optional.of(name.substring(tracing.length() + 1).split("\\.")[0]).filter(room -> !SHARED_ROOMS.contains(room))
                : Optional.empty();
    }

    /** @param tracing the package of which the techniques are parts */
    private static ArchRule techniquesDoNotMeet(String tracing) {
        return slices().assignedFrom(new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass each) {
                return technique(tracing, each).map(SliceIdentifier::of).orElseGet(SliceIdentifier::ignore);
            }

            @Override
            public String getDescription() {
                return "techniques";
            }
        }).namingSlices("technique $1").should().notDependOnEachOther();
    }

    @ArchTest
    static final ArchRule techniquesAreSiblingsThatDoNotMeet = techniquesDoNotMeet(TRACING);

    @ArchTest
    static void techniquesAreFound(JavaClasses classes) {
        assertThat(classes.stream().flatMap(each -> technique(TRACING, each).stream()).distinct()).containsExactlyInAnyOrder("ebpf", "ptrace", "peer");
    }

    /** Of the fixtures, {@code left} knows {@code right}, and both know a room that they share. */
    @ArchTest
    static void techniquesThatMeetAreFound(JavaClasses ignored) {
        String tracing = "dev.tracetoll.architecture.tracing";
        JavaClasses fixtures = new ClassFileImporter().importPackages(tracing);
        JavaClasses alone = new ClassFileImporter().importPackages(tracing + ".right", tracing + ".ring");

        techniquesDoNotMeet(tracing).check(alone);
        assertThatThrownBy(() -> techniquesDoNotMeet(tracing).check(fixtures)).isInstanceOf(AssertionError.class)
                .hasMessageContaining("technique left").hasMessageContaining("technique right").hasMessageNotContaining("technique ring");
    }

    @ArchTest
    static void arrowsPointDownwards(JavaClasses classes) {
        layeredArchitecture().consideringOnlyDependenciesInLayers().withOptionalLayers(true)
                .layer("cli").definedBy("dev.tracetoll.cli..")
                .layer("experiment").definedBy("dev.tracetoll.experiment..")
                .layer("report").definedBy("dev.tracetoll.report..")
                .layer("bench").definedBy("dev.tracetoll.bench..")
                .layer("compare").definedBy("dev.tracetoll.compare..")
                .layer("results").definedBy("dev.tracetoll.results..")
                .layer("environment").definedBy("dev.tracetoll.environment..")
                .layer("schema").definedBy("dev.tracetoll.schema..")
                .layer("stats").definedBy("dev.tracetoll.stats..")
                .layer("target").definedBy("dev.tracetoll.target..")
                .layer("techniques").definedBy(describe("techniques", (JavaClass each) -> technique(TRACING, each).isPresent()))
                .layer("format").definedBy("dev.tracetoll.tracing.format..")
                .layer("ring").definedBy("dev.tracetoll.tracing.ring..")
                .layer("record").definedBy("dev.tracetoll.tracing.record..")
                .layer("tracing").definedBy("dev.tracetoll.tracing", "dev.tracetoll.tracing.syscall..")
                .layer("plan").definedBy("dev.tracetoll.tracing.plan..")
                .layer("registry").definedBy("dev.tracetoll.tracing.registry..")
                .layer("process").definedBy("dev.tracetoll.process..")
                .layer("golang").definedBy("dev.tracetoll.golang..")
                .layer("x86").definedBy("dev.tracetoll.x86..")
                .layer("linux").definedBy("dev.tracetoll.linux..")
                .layer("problem").definedBy("dev.tracetoll.problem..")
                .layer("text").definedBy("dev.tracetoll.text..")
                .whereLayer("cli").mayNotBeAccessedByAnyLayer()
                .whereLayer("experiment").mayOnlyBeAccessedByLayers("cli")
                .whereLayer("report").mayOnlyBeAccessedByLayers("cli", "experiment")
                .whereLayer("bench").mayOnlyBeAccessedByLayers("cli", "experiment")
                .whereLayer("compare").mayOnlyBeAccessedByLayers("cli", "experiment", "report", "bench")
                .whereLayer("results").mayOnlyBeAccessedByLayers("cli", "experiment", "report", "bench", "compare")
                .whereLayer("environment").mayOnlyBeAccessedByLayers("cli", "experiment", "report", "compare", "results")
                .whereLayer("schema").mayOnlyBeAccessedByLayers("experiment", "results", "environment")
                .whereLayer("stats").mayOnlyBeAccessedByLayers("cli", "experiment", "report", "bench", "compare", "results")
                .whereLayer("target").mayOnlyBeAccessedByLayers("cli", "experiment", "bench")
                .whereLayer("techniques").mayOnlyBeAccessedByLayers("cli", "experiment", "bench")
                .whereLayer("format").mayOnlyBeAccessedByLayers("cli")
                .whereLayer("ring").mayOnlyBeAccessedByLayers("techniques")
                .whereLayer("record").mayOnlyBeAccessedByLayers("techniques", "ring")
                .whereLayer("tracing").mayOnlyBeAccessedByLayers("cli", "experiment", "bench", "target", "techniques", "format", "ring", "record")
                .whereLayer("plan").mayOnlyBeAccessedByLayers("cli", "bench", "techniques", "ring", "record", "tracing")
                .whereLayer("registry").mayOnlyBeAccessedByLayers("cli", "experiment", "report", "bench", "compare", "techniques", "tracing")
                .whereLayer("registry").mayNotAccessAnyLayer()
                .whereLayer("process").mayOnlyBeAccessedByLayers("techniques")
                .whereLayer("golang").mayOnlyBeAccessedByLayers("cli", "bench", "target", "techniques", "tracing", "format", "record", "plan")
                .whereLayer("x86").mayOnlyBeAccessedByLayers("cli", "bench", "techniques", "ring", "record", "tracing", "plan", "golang")
                .whereLayer("text").mayOnlyBeAccessedByLayers("cli", "experiment", "report", "format")
                .whereLayer("text").mayNotAccessAnyLayer()
                .check(classes);
    }

    @ArchTest
    static final ArchRule noCycles = slices().matching("dev.tracetoll.(**)").should().beFreeOfCycles();

    /** A trial of the gate has a command of its own. */
    @ArchTest
    static final ArchRule onlyTheListKnowsExperiments = noClasses()
            .that().resideOutsideOfPackage("dev.tracetoll.experiment..")
            .and().haveNameNotMatching("dev\\.tracetoll\\.cli\\.(Experiments|SelftestCommand)(\\$.*)?")
            .should().dependOnClassesThat().resideInAPackage("dev.tracetoll.experiment.*..");

    @ArchTest
    static final ArchRule onlyLinuxTouchesNativeCode = noClasses()
            .that().resideOutsideOfPackage("dev.tracetoll.linux..")
            .should().dependOnClassesThat().resideInAnyPackage("jnr..", "com.kenai.jffi..", "sun.misc..");

    @ArchTest
    static final ArchRule statisticsKnowNothingOfTracing = noClasses()
            .that().resideInAPackage("dev.tracetoll.stats..")
            .should().dependOnClassesThat().resideInAnyPackage(
                    "dev.tracetoll.tracing..", "dev.tracetoll.golang..", "dev.tracetoll.linux..", "org.openjdk.jmh..")
            .allowEmptyShould(true);
}
