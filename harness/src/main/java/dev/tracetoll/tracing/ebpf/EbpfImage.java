package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.linux.bpf.BpfTypes;
import dev.tracetoll.problem.OperationFailed;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** The compiled BPF programs of this build. */
enum EbpfImage {
    TRACETOLL("tracetoll.bpf.o"),
    SYSCALLS("syscalls.bpf.o");

    private final String file;
    private byte @Nullable [] content;

    EbpfImage(String file) {
        this.file = file;
    }

    /** The content of the object file. */
    synchronized byte[] content() {
        if (content == null) {
            content = read();
        }
        return content;
    }

    /** The structures of its maps. */
    BpfTypes types() {
        return BpfTypes.of(content());
    }

    private byte[] read() {
        try (InputStream in = EbpfImage.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new OperationFailed(
                        "The BPF programs are missing from this build; build again with: mvn package");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
