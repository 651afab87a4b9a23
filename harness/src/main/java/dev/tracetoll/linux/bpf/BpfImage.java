package dev.tracetoll.linux.bpf;

import dev.tracetoll.problem.OperationFailed;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** The compiled BPF programs of this build. */
public enum BpfImage {
    /** What traces functions. */
    TRACETOLL("tracetoll.bpf.o"),
    /** What traces system calls. */
    SYSCALLS("syscalls.bpf.o"),
    /** What fills buffers, to find out what they cost. */
    BUFFERS("buffers.bpf.o");

    private final String file;
    private byte @Nullable [] content;

    BpfImage(String file) {
        this.file = file;
    }

    /** The content of the object file. */
    public synchronized byte[] content() {
        if (content == null) {
            content = read();
        }
        return content;
    }

    /** The structures of its maps. */
    public BpfTypes types() {
        return BpfTypes.of(content());
    }

    private byte[] read() {
        try (InputStream in = BpfImage.class.getResourceAsStream(file)) {
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
