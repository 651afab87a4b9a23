package dev.tracetoll.linux.bpf;

import dev.tracetoll.linux.kernel.Feature;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** The kernel's own type information, BTF. */
public final class KernelTypes {

    private static final Path FILE = Path.of("/sys/kernel/btf/vmlinux");
    /** {@code BTF_MAGIC} of {@code <linux/btf.h>}. */
    private static final short MAGIC = (short) 0xeb9f;

    private static final String REMEDY =
            "boot a kernel built with CONFIG_DEBUG_INFO_BTF; in a container, mount the host's /sys/kernel/btf";

    private KernelTypes() {}

    /** Whether the kernel has any. */
    public static Feature feature() {
        return feature(FILE);
    }

    /** Not only whether the file is there: a container may have put an empty one in its place. */
    static Feature feature(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] magic = in.readNBytes(Short.BYTES);
            return magic.length == Short.BYTES
                            && ByteBuffer.wrap(magic)
                                            .order(ByteOrder.nativeOrder())
                                            .getShort()
                                    == MAGIC
                    ? Feature.works("BTF", file.toString())
                    : Feature.fails(
                            "BTF", file + (magic.length == 0 ? " is empty" : " is no type information"), REMEDY);
        } catch (IOException e) {
            return Feature.fails("BTF", file + (Files.exists(file) ? " is not readable" : " is missing"), REMEDY);
        }
    }
}
