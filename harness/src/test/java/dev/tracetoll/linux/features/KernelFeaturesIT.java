package dev.tracetoll.linux.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.linux.bpf.Uprobes;
import dev.tracetoll.linux.kernel.Feature;
import dev.tracetoll.linux.kernel.KernelVersion;
import dev.tracetoll.problem.MachineCannot;
import dev.tracetoll.testing.Alone;
import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.testing.NeedsPtrace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The probes against the kernel that runs. */
@Alone
class KernelFeaturesIT {

    private final KernelProbes probes = new KernelProbes();

    @Test
    @NeedsEbpf
    void everyEbpfProbeCleansUp() throws IOException {
        probes.bpf();
        List<String> before = descriptors();
        assertThat(probes.bpf().available()).isTrue();
        assertThat(probes.ringBuffer().available()).isTrue();
        assertThat(probes.uprobe(Uprobes.bestMode()).available()).isTrue();
        probes.uprobeMulti(KernelVersion.running());
        probes.tracepoints();
        probes.probeWrite();
        assertThat(descriptors()).isEqualTo(before);
    }

    @Test
    @NeedsPtrace
    void thePtraceProbeLeavesNoChild() {
        long before = ProcessHandle.current().children().count();
        assertThat(probes.ptrace().available()).isTrue();
        assertThat(ProcessHandle.current().children().count()).isEqualTo(before);
    }

    @Test
    @NeedsEbpf
    void uprobeMultiGoesWithTheKernelsVersion() {
        Feature feature = probes.uprobeMulti(KernelVersion.running());
        if (KernelVersion.running().isAtLeast(new KernelVersion(6, 6))) {
            assertThat(feature.available()).as(feature.detail()).isTrue();
        } else {
            assertThat(feature.detail()).contains("requires Linux >= 6.6");
        }
    }

    @Test
    void aMissingFeatureIsRefusedWithReasonAndRemedy() {
        Feature feature = Feature.needsKernel("uprobe_multi", new KernelVersion(6, 6), new KernelVersion(6, 1));
        assertThatThrownBy(feature::require)
                .isInstanceOf(MachineCannot.class)
                .hasMessageContaining("uprobe_multi not supported (requires Linux >= 6.6; this is 6.1)")
                .hasMessageContaining("boot a newer kernel");
    }

    /** What the descriptors that probes open are called; others of the JVM come and go. */
    private static List<String> descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.map(KernelFeaturesIT::target)
                    .filter(name -> name.startsWith("anon_inode:"))
                    .sorted()
                    .toList();
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return "";
        }
    }
}
