package dev.tracetoll.style;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import dev.tracetoll.testing.Alone;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.OneAtATime;

/** Integration tests say what may run beside them: those that say nothing would be run after all others, alone, and nobody would notice but by the time. */
@AnalyzeClasses(packages = "dev.tracetoll", importOptions = ImportOption.OnlyIncludeTests.class)
class TestsSharingTest {

    @ArchTest
    static void integrationTestsSayWhatMayRunBesideThem(JavaClasses tests) {
        classes()
                .that()
                .haveSimpleNameEndingWith("IT")
                .should()
                .beAnnotatedWith(BesideOthers.class)
                .orShould()
                .beAnnotatedWith(OneAtATime.class)
                .orShould()
                .beAnnotatedWith(Alone.class)
                .check(tests);
    }
}
