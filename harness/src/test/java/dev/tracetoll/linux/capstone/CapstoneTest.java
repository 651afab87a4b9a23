package dev.tracetoll.linux.capstone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CapstoneTest {

    private static final int CODE_BYTES = 1 << 15;
    private static final int MOST_BYTES = 15;

    /** Handles are used by several threads at once, each by one: that is right only while they share nothing that is written. */
    @Test
    void decodingWritesNothingThatHandlesShare(@TempDir Path directory) throws IOException {
        Capstone.close(Capstone.open(false));
        // A copy has data of its own: nobody has decoded with it yet.
        Path copy = Files.copy(mapping("/libcapstone.so.", "r-xp").file, directory.resolve("copy.so"));
        Capstone.Calls calls = Capstone.load(copy.toString());
        Mapping data = mapping(copy.toString(), "rw-p");
        byte[] before = data.memory();

        assertThat(decoded(calls)).isGreaterThan(CODE_BYTES / 2);

        assertThat(data.memory()).isEqualTo(before);
    }

    /** Decodes what begins at each of random bytes, with its details; returns how many instructions there were. */
    private static int decoded(Capstone.Calls calls) {
        byte[] code = new byte[CODE_BYTES + MOST_BYTES];
        new Random(1).nextBytes(code);
        Pointer memory = Memory.allocateDirect(Runtime.getSystemRuntime(), code.length);
        memory.put(0, code, 0, code.length);
        Pointer instructions = Memory.allocateDirect(Runtime.getSystemRuntime(), Long.BYTES, true);
        long handle = Capstone.open(calls, true);
        int found = 0;
        for (int i = 0; i < CODE_BYTES; i++) {
            if (calls.cs_disasm(handle, memory.slice(i), MOST_BYTES, i, 1, instructions) == 1) {
                calls.cs_free(instructions.getPointer(0), 1);
                found++;
            }
        }
        Capstone.close(calls, handle);
        return found;
    }

    private record Mapping(long start, int bytes, Path file) {

        static Mapping of(String line) {
            String[] range = line.substring(0, line.indexOf(' ')).split("-");
            long start = Long.parseUnsignedLong(range[0], 16);
            int bytes = (int) (Long.parseUnsignedLong(range[1], 16) - start);
            return new Mapping(start, bytes, Path.of(line.substring(line.indexOf('/'))));
        }

        byte[] memory() {
            byte[] memory = new byte[bytes];
            Pointer.wrap(Runtime.getSystemRuntime(), start).get(0, memory, 0, bytes);
            return memory;
        }
    }

    /** How a library whose path has this in it is mapped, with these permissions. */
    private static Mapping mapping(String part, String permissions) throws IOException {
        try (var maps = Files.lines(Path.of("/proc/self/maps"))) {
            return maps.filter(line -> line.contains(part) && line.contains(permissions))
                    .map(Mapping::of)
                    .findFirst()
                    .orElseThrow();
        }
    }
}
