package dev.tracetoll.golang;

import dev.tracetoll.linux.elf.ElfFile;
import dev.tracetoll.problem.BadInput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;

/**
 * A file of its own with the symbols and the debugging information of a program that was stripped.
 *
 * <p>It is looked for where debuggers do: "Debugging Information in Separate Files" of the GDB manual.
 */
final class SeparateDebugInfo {

    private static final Path DEBUG_DIRECTORY = Path.of("/usr/lib/debug");
    private static final String LINK = ".gnu_debuglink";
    private static final List<String> BUILD_IDS = List.of(".note.gnu.build-id", ".note.go.buildid");
    private static final int NOTE_HEADER_BYTES = 12;

    private SeparateDebugInfo() {}

    /** Whether a file has debugging information of its own. */
    static boolean isIn(ElfFile elf) {
        return Stream.of(".debug_info", ".zdebug_info")
                .map(elf::section)
                .flatMap(Optional::stream)
                .anyMatch(section -> section.size() > 0);
    }

    /** Opens the file of a program, if there is one: the one with its build id, or the one that it names. */
    static Optional<ElfFile> find(ElfFile program) {
        Optional<Path> byId = buildId(program, BUILD_IDS.get(0))
                .map(HexFormat.of()::formatHex)
                .filter(id -> id.length() > 2)
                .map(id -> DEBUG_DIRECTORY
                        .resolve(".build-id")
                        .resolve(id.substring(0, 2))
                        .resolve(id.substring(2) + ".debug"));
        return Stream.concat(byId.stream().filter(Files::isRegularFile), linked(program))
                .findFirst()
                .map(ElfFile::open);
    }

    /**
     * Opens the file that the user says is a program's.
     *
     * @throws BadInput if it is another build's, or has no debugging information
     */
    static ElfFile named(ElfFile program, Path file) {
        ElfFile named = ElfFile.open(file);
        try {
            if (!isIn(named)) {
                throw new BadInput(
                        file
                                + " has no debugging information; give the file that it was stripped to, or leave out --debug-file");
            }
            for (String kind : BUILD_IDS) {
                Optional<byte[]> wanted = buildId(program, kind);
                Optional<byte[]> found = buildId(named, kind);
                if (wanted.isPresent() && found.isPresent() && !Arrays.equals(wanted.get(), found.get())) {
                    throw new BadInput(file + " is of another build than " + program.path()
                            + " (their build ids differ); give the file of this build");
                }
            }
            return named;
        } catch (RuntimeException e) {
            named.close();
            throw e;
        }
    }

    /** The description of the section's only note; see elf(5). */
    private static Optional<byte[]> buildId(ElfFile elf, String section) {
        return elf.section(section)
                .filter(found -> found.size() > NOTE_HEADER_BYTES)
                .map(elf::contents)
                .flatMap(bytes -> {
                    ByteBuffer note = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
                    long start = NOTE_HEADER_BYTES
                            + (Integer.toUnsignedLong(note.getInt(0)) + Integer.BYTES - 1 & -Integer.BYTES);
                    long size = Integer.toUnsignedLong(note.getInt(Integer.BYTES));
                    return start + size > bytes.length
                            ? Optional.empty()
                            : Optional.of(Arrays.copyOfRange(bytes, (int) start, (int) (start + size)));
                });
    }

    /** The files by the name that the program gives, with the checksum that it gives. */
    private static Stream<Path> linked(ElfFile program) {
        byte[] link = program.section(LINK).map(program::contents).orElse(new byte[0]);
        int end = 0;
        while (end < link.length && link[end] != 0) {
            end++;
        }
        int checksumAt = end + Integer.BYTES & -Integer.BYTES;
        if (end == 0 || checksumAt + Integer.BYTES > link.length) {
            return Stream.of();
        }
        String name = new String(link, 0, end, StandardCharsets.UTF_8);
        long checksum = Integer.toUnsignedLong(
                ByteBuffer.wrap(link).order(ByteOrder.LITTLE_ENDIAN).getInt(checksumAt));
        Path directory = Path.of(program.path()).toAbsolutePath().normalize().getParent();
        if (name.contains("/") || directory == null) {
            return Stream.of();
        }
        try {
            return Stream.of(
                            directory.resolve(name),
                            directory.resolve(".debug").resolve(name),
                            DEBUG_DIRECTORY
                                    .resolve(directory.toString().substring(1))
                                    .resolve(name))
                    .filter(Files::isRegularFile)
                    .filter(file -> checksum(file) == checksum);
        } catch (InvalidPathException e) {
            // No file has such a name.
            return Stream.of();
        }
    }

    private static long checksum(Path file) {
        CRC32 checksum = new CRC32();
        try (InputStream in = new CheckedInputStream(Files.newInputStream(file), checksum)) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
            return checksum.getValue();
        } catch (IOException e) {
            // It is not the one then.
            return -1;
        }
    }
}
