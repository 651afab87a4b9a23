package dev.tracetoll.testing;

import dev.tracetoll.browser.Browser;
import dev.tracetoll.linux.features.KernelFeatures;
import dev.tracetoll.linux.kernel.Feature;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Runs a test where the kernel lets it; a CI that silently skipped what it is there for would be worth nothing. */
abstract class NeedsFeature implements ExecutionCondition {

    private static final List<String> REAL_PROGRAMS = List.of("/usr/bin/fzf", "/usr/bin/age", "/usr/bin/gocryptfs");

    private final Supplier<Feature> needed;

    private NeedsFeature(Supplier<Feature> needed) {
        this.needed = needed;
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return decide(needed.get(), "true".equals(System.getenv("CI")), context.getDisplayName(), System.err);
    }

    static ConditionEvaluationResult decide(Feature feature, boolean inCi, String test, PrintStream out) {
        if (feature.available()) {
            return ConditionEvaluationResult.enabled(feature.detail());
        }
        String reason = feature.name() + " is not possible here: " + feature.detail() + "; " + feature.remedy();
        if (inCi) {
            throw new AssertionError(test + " must run in CI, but " + reason);
        }
        out.println("SKIPPED " + test + ": " + reason);
        return ConditionEvaluationResult.disabled(reason);
    }

    /** Of {@link NeedsEbpf}. */
    static final class Ebpf extends NeedsFeature {
        Ebpf() {
            super(() -> KernelFeatures.ofThisMachine().ebpfTracing());
        }
    }

    /** Of {@link NeedsBrowser}. */
    static final class OfBrowser extends NeedsFeature {
        OfBrowser() {
            super(Browser::feature);
        }
    }

    /** Of {@link NeedsDelve}. */
    static final class Delve extends NeedsFeature {
        Delve() {
            super(BuiltTool.DELVE::feature);
        }
    }

    /** Of {@link NeedsBenchstat}. */
    static final class Benchstat extends NeedsFeature {
        Benchstat() {
            super(BuiltTool.BENCHSTAT::feature);
        }
    }

    /** Of {@link NeedsOtava}. */
    static final class Otava extends NeedsFeature {
        Otava() {
            super(BuiltTool.OTAVA::feature);
        }
    }

    /** Of {@link NeedsRealPrograms}. */
    static final class RealPrograms extends NeedsFeature {
        RealPrograms() {
            super(NeedsFeature::realPrograms);
        }
    }

    private static Feature realPrograms() {
        String missing = REAL_PROGRAMS.stream()
                .filter(program -> !Files.isExecutable(Path.of(program)))
                .map(program -> Path.of(program).getFileName().toString())
                .collect(Collectors.joining(" "));
        return missing.isEmpty()
                ? Feature.works("tracing real programs", String.join(", ", REAL_PROGRAMS))
                : Feature.fails(
                        "tracing real programs",
                        missing + " not installed",
                        "apt-get install -y --no-install-recommends " + missing);
    }

    /** Of {@link NeedsPtrace}. */
    static final class Ptrace extends NeedsFeature {
        Ptrace() {
            super(() -> KernelFeatures.ofThisMachine().ptrace());
        }
    }
}
