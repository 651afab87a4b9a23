package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.problem.OperationFailed;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The compiled BPF programs of this build. */
final class EbpfImage {

    private EbpfImage() {}

    /** The content of an object file. */
    static byte[] of(String file) {
        try (InputStream in = EbpfImage.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new OperationFailed("The BPF programs are missing from this build; build again with: mvn package");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
