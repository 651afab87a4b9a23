package dev.tracetoll.linux.process;

import dev.tracetoll.linux.libc.ProcessCalls;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import org.jspecify.annotations.Nullable;

/**
 * A user of this system.
 *
 * @param name what the user is called
 * @param id the user's number
 * @param group the number of the group that files of the user's belong to
 * @param groups the numbers of all the user's groups
 * @param home the user's home directory
 */
public record User(String name, int id, int group, List<Integer> groups, String home) {

    /** The number of the user who may do everything. */
    public static final int ROOT = 0;

    // struct passwd of <pwd.h>, in glibc and musl on x86-64
    private static final int NAME = 0;
    private static final int ID = 16;
    private static final int GROUP = 20;
    private static final int HOME = 32;

    /** As many as the kernel takes: {@code NGROUPS_MAX} of {@code linux/limits.h}. */
    private static final int MOST_GROUPS = 1 << 16;

    public User {
        groups = List.copyOf(groups);
    }

    /** The one of that name, as the system knows users, wherever it keeps them; empty if there is none. */
    public static synchronized Optional<User> named(String name) {
        return read(ProcessCalls.LIBC.getpwnam(name));
    }

    /** The one of that number; empty if there is none. */
    public static synchronized Optional<User> numbered(int id) {
        return read(ProcessCalls.LIBC.getpwuid(id));
    }

    /** The number of the user who runs this process, as far as what it may do is concerned. */
    public static int own() {
        return ProcessCalls.LIBC.geteuid();
    }

    private static Optional<User> read(@Nullable Pointer entry) {
        if (entry == null) {
            return Optional.empty();
        }
        String name = entry.getPointer(NAME).getString(0);
        int group = entry.getInt(GROUP);
        int id = entry.getInt(ID);
        String home = entry.getPointer(HOME).getString(0);
        Pointer groups = Memory.allocateDirect(Runtime.getSystemRuntime(), MOST_GROUPS * Integer.BYTES);
        Pointer count = Memory.allocateDirect(Runtime.getSystemRuntime(), Integer.BYTES);
        count.putInt(0, MOST_GROUPS);
        int found = ProcessCalls.LIBC.getgrouplist(name, group, groups, count);
        return Optional.of(new User(
                name,
                id,
                group,
                IntStream.range(0, Math.max(found, 0))
                        .mapToObj(each -> groups.getInt((long) each * Integer.BYTES))
                        .toList(),
                home));
    }

    /** As {@code starter.c} takes it. */
    String inNumbers() {
        return Stream.concat(Stream.of(id, group), groups.stream())
                .map(Integer::toUnsignedString)
                .collect(Collectors.joining(":"));
    }
}
