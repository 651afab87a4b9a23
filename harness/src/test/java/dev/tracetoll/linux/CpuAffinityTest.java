package dev.tracetoll.linux;

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

class CpuAffinityTest {

    @Test
    void childrenAndThreadsInheritIt() throws Exception {
        List<Integer> before = CpuAffinity.ofThisThread();
        int last = before.get(before.size() - 1);
        CpuAffinity.setThisThread(List.of(last));
        try {
            assertThat(CpuAffinity.ofThisThread()).containsExactly(last);
            List<List<Integer>> ofThread = new ArrayList<>();
            Thread thread = new Thread(() -> ofThread.add(CpuAffinity.ofThisThread()));
            thread.start();
            thread.join();
            assertThat(ofThread).containsExactly(List.of(last));
            assertThat(cpusOfAChild()).isEqualTo(Integer.toString(last));
        } finally {
            CpuAffinity.setThisThread(before);
        }
        assertThat(CpuAffinity.ofThisThread()).isEqualTo(before);
    }

    private static String cpusOfAChild() throws IOException {
        try (ChildProcess child = ChildProcess.spawn(new Launch(Path.of("/bin/sh"),
                List.of("-c", "sed -n 's/^Cpus_allowed_list:[^0-9]*//p' /proc/self/status"), Map.of("PATH", "/bin:/usr/bin"),
                Redirect.PIPE, Redirect.PIPE, Redirect.PIPE, true))) {
            child.resume();
            byte[] text = new byte[100];
            int count = child.stdout().read(text);
            return new String(text, 0, count, StandardCharsets.US_ASCII).strip();
        }
    }

    @Test
    void refusesCpusThatAreNotThere() {
        assertThatThrownBy(() -> CpuAffinity.setThisThread(List.of(8191))).isInstanceOf(OperationFailed.class)
                .hasMessageContaining("8191");
    }

    @Test
    void aCpuSharesItsOwnCore() {
        assertThat(CpuAffinity.shareCore(0, 0)).isTrue();
    }
}
