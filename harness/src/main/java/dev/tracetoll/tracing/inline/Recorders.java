package dev.tracetoll.tracing.inline;

import dev.tracetoll.golang.RuntimeInternals;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.tracing.patching.Detour;
import dev.tracetoll.tracing.patching.ForcedCalls;
import dev.tracetoll.tracing.patching.Installation;
import dev.tracetoll.tracing.patching.Patch;
import dev.tracetoll.tracing.plan.TracePlan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The code that writes records, and the rings that it writes them into, which the process shares with this one. */
final class Recorders implements Detour {

    // linux/mman.h.
    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int MAP_SHARED = 1;

    private static final String NAME = Installation.NAME + "inline";

    private final TracePlan plan;
    private final List<Layout> layouts;
    private final RuntimeInternals internals;
    private RingLayout rings;
    private @Nullable ByteBuffer shared;

    /**
     * @param layouts of the records of each site
     * @param processors how many rings there are to be, besides one
     * @param ringBytes the size of each, a power of two
     */
    Recorders(TracePlan plan, List<Layout> layouts, RuntimeInternals internals, int processors, int ringBytes) {
        this.plan = plan;
        this.layouts = layouts;
        this.internals = internals;
        rings = new RingLayout(0, processors, ringBytes);
    }

    /** Where the rings are in the process. */
    RingLayout rings() {
        return rings;
    }

    /** The rings, as they are in the process's memory; once mapped. */
    ByteBuffer shared() {
        return Objects.requireNonNull(shared);
    }

    @Override
    public String file() {
        return NAME + "-code";
    }

    @Override
    public void map(ForcedCalls calls, Home home) {
        int file = calls.memoryFile(NAME, rings.size(), false);
        long address = calls.map(0, rings.size(), PROT_READ | PROT_WRITE, MAP_SHARED, file);
        rings = new RingLayout(address, rings.processors(), rings.bytes());
        shared = share(home.process(), calls.path(file), rings.size());
        calls.close(file);
    }

    private static MappedByteBuffer share(int process, Path path, long bytes) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes);
            mapped.order(ByteOrder.nativeOrder());
            return mapped;
        } catch (IOException e) {
            throw new OperationFailed("the memory shared with process " + process + " cannot be mapped: " + e, e);
        }
    }

    @Override
    public byte[] code(Home home, Patch patch, long origin) {
        return new Trampoline(
                        plan,
                        layouts,
                        internals,
                        rings,
                        home.bias(),
                        new Trampoline.Image(home.image().start(), home.image().end()))
                .code(patch, origin);
    }
}
