package dev.tracetoll.linux.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.problem.OperationFailed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AffinityTest {

    @Test
    void childrenAndThreadsInheritIt() throws Exception {
        List<Integer> before = Affinity.ofThisThread().cpus();
        int last = before.get(before.size() - 1);
        Affinity.of(List.of(last)).applyToThisThread();
        try {
            assertThat(Affinity.ofThisThread().cpus()).containsExactly(last);
            List<List<Integer>> ofThread = new ArrayList<>();
            Thread thread =
                    new Thread(() -> ofThread.add(Affinity.ofThisThread().cpus()));
            thread.start();
            thread.join();
            assertThat(ofThread).containsExactly(List.of(last));
            assertThat(cpusOfAChild()).isEqualTo(Integer.toString(last));
        } finally {
            Affinity.of(before).applyToThisThread();
        }
        assertThat(Affinity.ofThisThread().cpus()).isEqualTo(before);
    }

    private static String cpusOfAChild() throws IOException {
        try (ChildProcess child = ChildProcess.spawn(new Launch(
                Path.of("/bin/sh"),
                List.of("-c", "sed -n 's/^Cpus_allowed_list:[^0-9]*//p' /proc/self/status"),
                Map.of("PATH", "/bin:/usr/bin"),
                Redirect.PIPE,
                Redirect.PIPE,
                Redirect.PIPE,
                true))) {
            child.resume();
            byte[] text = new byte[100];
            int count = child.stdout().read(text);
            return new String(text, 0, count, StandardCharsets.US_ASCII).strip();
        }
    }

    @Test
    void refusesCpusThatAreNotThere() {
        assertThatThrownBy(() -> Affinity.of(List.of(8191)).applyToThisThread())
                .isInstanceOf(OperationFailed.class)
                .hasMessageContaining("8191");
    }

    @Test
    void aCpuSharesItsOwnCore() {
        assertThat(Affinity.shareCore(0, 0)).isTrue();
    }
}
