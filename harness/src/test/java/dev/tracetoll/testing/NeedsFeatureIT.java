package dev.tracetoll.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Runs an annotated test in a JVM from which eBPF has really been taken away. */
@OneAtATime
class NeedsFeatureIT {

    @Test
    @NeedsEbpf
    void withEbpfTheTestRuns() throws Exception {
        assertThat(run(false, "")).contains("succeeded=1 failed=0 skipped=0");
        assertThat(run(false, "true")).contains("succeeded=1 failed=0 skipped=0");
    }

    @Test
    void withoutEbpfTheTestIsSkippedLoudly() throws Exception {
        assertThat(run(true, ""))
                .contains("succeeded=0 failed=0 skipped=1")
                .containsPattern("SKIPPED .*eBPF tracing is not possible here: BPF: .*CAP_BPF.*; run as root");
    }

    @Test
    void withoutEbpfTheTestFailsInCi() throws Exception {
        assertThat(run(true, "true")).contains("succeeded=0 failed=1 skipped=0");
    }

    private static String run(boolean withoutCapabilities, String ci) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        if (withoutCapabilities && isRoot()) {
            command.addAll(List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all"));
        }
        command.addAll(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                RunSample.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("CI", ci);
        Process process = builder.start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return printed;
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    /** Not found by the test run itself: it is nested and its name does not end as tests' names do. */
    static class Sample {
        @Test
        @NeedsEbpf
        void passes() {
            assertThat(System.err).isNotNull();
        }
    }

    /** Runs the sample and prints what became of it. */
    static final class RunSample {
        public static void main(String[] arguments) {
            var tests = EngineTestKit.engine("junit-jupiter")
                    .selectors(selectClass(Sample.class))
                    .execute()
                    .testEvents();
            System.out.println("succeeded=" + tests.succeeded().count() + " failed="
                    + tests.failed().count() + " skipped=" + tests.skipped().count());
        }
    }
}
