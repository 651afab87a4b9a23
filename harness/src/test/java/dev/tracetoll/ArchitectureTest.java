package dev.tracetoll;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Holds the architecture: one package a concept, arrows only downwards. */
@AnalyzeClasses(packages = "dev.tracetoll", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static void arrowsPointDownwards(JavaClasses classes) {
        layeredArchitecture().consideringOnlyDependenciesInLayers().withOptionalLayers(true)
                .layer("cli").definedBy("dev.tracetoll.cli..")
                .layer("report").definedBy("dev.tracetoll.report..")
                .layer("bench").definedBy("dev.tracetoll.bench..")
                .layer("results").definedBy("dev.tracetoll.results..")
                .layer("stats").definedBy("dev.tracetoll.stats..")
                .layer("target").definedBy("dev.tracetoll.target..")
                .layer("techniques").definedBy("dev.tracetoll.tracing.ptrace..", "dev.tracetoll.tracing.ebpf..", "dev.tracetoll.tracing.peer..")
                .layer("format").definedBy("dev.tracetoll.tracing.format..")
                .layer("ring").definedBy("dev.tracetoll.tracing.ring..")
                .layer("record").definedBy("dev.tracetoll.tracing.record..")
                .layer("tracing").definedBy("dev.tracetoll.tracing", "dev.tracetoll.tracing.syscall..")
                .layer("plan").definedBy("dev.tracetoll.tracing.plan..")
                .layer("process").definedBy("dev.tracetoll.process..")
                .layer("golang").definedBy("dev.tracetoll.golang..")
                .layer("x86").definedBy("dev.tracetoll.x86..")
                .layer("linux").definedBy("dev.tracetoll.linux..")
                .layer("problem").definedBy("dev.tracetoll.problem..")
                .whereLayer("cli").mayNotBeAccessedByAnyLayer()
                .whereLayer("report").mayOnlyBeAccessedByLayers("cli")
                .whereLayer("bench").mayOnlyBeAccessedByLayers("cli")
                .whereLayer("results").mayOnlyBeAccessedByLayers("cli", "report", "bench")
                .whereLayer("stats").mayOnlyBeAccessedByLayers("cli", "report", "bench", "results")
                .whereLayer("target").mayOnlyBeAccessedByLayers("cli", "bench")
                .whereLayer("techniques").mayOnlyBeAccessedByLayers("cli", "bench")
                .whereLayer("format").mayOnlyBeAccessedByLayers("cli")
                .whereLayer("ring").mayOnlyBeAccessedByLayers("techniques")
                .whereLayer("record").mayOnlyBeAccessedByLayers("techniques", "ring")
                .whereLayer("tracing").mayOnlyBeAccessedByLayers("cli", "bench", "target", "techniques", "format", "ring", "record")
                .whereLayer("plan").mayOnlyBeAccessedByLayers("cli", "bench", "techniques", "ring", "record", "tracing")
                .whereLayer("process").mayOnlyBeAccessedByLayers("techniques")
                .whereLayer("golang").mayOnlyBeAccessedByLayers("cli", "bench", "target", "techniques", "tracing", "format", "record", "plan")
                .whereLayer("x86").mayOnlyBeAccessedByLayers("cli", "bench", "techniques", "ring", "record", "tracing", "plan", "golang")
                .check(classes);
    }

    @ArchTest
    static final ArchRule noCycles = slices().matching("dev.tracetoll.(**)").should().beFreeOfCycles();

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
