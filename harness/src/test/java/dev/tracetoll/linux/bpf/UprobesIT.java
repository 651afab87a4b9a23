package dev.tracetoll.linux.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.golang.GoBinary;
import dev.tracetoll.linux.libc.FileCalls;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.GoProgram;
import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.tracing.uprobe.Emulation;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@BesideOthers
@NeedsEbpf
class UprobesIT {

    private static final long HELD_MS = 300;
    private static final long PATIENCE_MS = 60_000;
    /** {@code r0 = 0; exit}. */
    private static final byte[] NOTHING = HexFormat.of().parseHex("b7000000000000009500000000000000");

    @TempDir
    private Path directory;

    /** A process that is being started has this one's descriptors for a while, as the second descriptor here does. */
    @Test
    void probesComeBackOnlyWhenTheOldOnesAreGone() throws Exception {
        Path program = GoProgram.build("traced", directory);
        long site;
        try (GoBinary binary = GoBinary.open(program, Emulation.ofThisKernel())) {
            site = binary.function("main.add").entry().fileOffset();
        }
        int pid = (int) ProcessHandle.current().pid();
        try (BpfProgram nothing = BpfProgram.load("nothing", NOTHING);
                Uprobes uprobes = new Uprobes(Uprobes.Mode.MULTI)) {
            uprobes.attach(nothing, pid, program, new Uprobes.UprobeSite[] {new Uprobes.UprobeSite(site, 0)});
            int old = uprobes.linkIds().get(0);
            int held = Bpf.linkOf(old);
            assertThat(held).isPositive();
            Thread renewing = new Thread(() -> uprobes.renew(program));
            try {
                renewing.start();
                renewing.join(HELD_MS);
                assertThat(renewing.isAlive()).as("whether it waits").isTrue();
            } finally {
                FileCalls.LIBC.close(held);
            }
            renewing.join(PATIENCE_MS);

            assertThat(renewing.isAlive()).isFalse();
            assertThat(uprobes.linkIds()).hasSize(1).allMatch(id -> id > 0 && id != old);
        }
    }
}
