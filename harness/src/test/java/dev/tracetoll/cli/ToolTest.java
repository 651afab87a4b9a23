package dev.tracetoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

class ToolTest {

    @Test
    void saysTheFirstLineOfWhatEndsWell() {
        assertThat(Tool.output("sh", "-c", "echo; echo first; echo second")).contains("first");
        assertThat(Tool.output("sh", "-c", "echo on stderr >&2")).contains("on stderr");
        assertThat(Tool.output("sh", "-c", "echo wrong; exit 1")).isEmpty();
        assertThat(Tool.output("/nonexistent/tool")).isEmpty();
    }

    @Test
    void outputThatFillsAPipeIsNoObstacle() {
        assertThat(Tool.output("sh", "-c", "echo first; head -c 1000000 /dev/zero | tr '\\0' x"))
                .contains("first");
    }

    /** A pool of one thread, which is all that the common one has on a machine with two cores. */
    @Test
    void asksFromAPoolOfOneThread() throws ExecutionException, InterruptedException {
        ForkJoinPool single = new ForkJoinPool(1);
        try {
            assertThat(single.submit(() -> ToolChecks.start().results()).get())
                    .extracting(Check::what)
                    .contains("java", "mvn", "go");
        } finally {
            single.shutdown();
        }
    }
}
