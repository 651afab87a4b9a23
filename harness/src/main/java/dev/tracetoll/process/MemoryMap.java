package dev.tracetoll.process;

import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.OperationFailed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The memory of a process, as it is when it is asked for.
 *
 * <p>Source of the format of {@code maps}: proc(5).
 */
public final class MemoryMap {

    /**
     * A part of it.
     *
     * @param readable whether the process can read it
     * @param name the path of the file that is there, or what the kernel calls it; empty for none
     */
    public record Area(long start, long end, boolean readable, String name) {

        public boolean contains(long address) {
            return start <= address && address < end;
        }
    }

    /** Where nothing is ever mapped, so that null pointers are found out: more than {@code vm.mmap_min_addr} anywhere. */
    private static final long LOWEST = 1 << 20;
    /** The end of what a user can map: 47 bits of addresses. */
    private static final long HIGHEST = (1L << 47) - 4096;
    /** What is left free on either side. */
    private static final long MARGIN = 1 << 16;

    private final List<Area> areas;

    private MemoryMap(List<Area> areas) {
        this.areas = areas;
    }

    /**
     * That of a process.
     *
     * @throws BadInput if it has ended
     */
    public static MemoryMap of(int process) {
        List<Area> areas = new ArrayList<>();
        Path maps = Path.of("/proc", Integer.toString(process), "maps");
        try {
            for (String line : Files.readAllLines(maps, StandardCharsets.ISO_8859_1)) {
                // address perms offset dev inode path
                String[] fields = line.split(" +", 6);
                int dash = fields[0].indexOf('-');
                areas.add(new Area(
                        Long.parseUnsignedLong(fields[0].substring(0, dash), 16),
                        Long.parseUnsignedLong(fields[0].substring(dash + 1), 16),
                        fields[1].charAt(0) == 'r',
                        fields.length == 6 ? fields[5] : ""));
            }
        } catch (NoSuchFileException e) {
            throw new BadInput("process " + process + " has ended");
        } catch (IOException e) {
            throw new OperationFailed("the memory map of process " + process + " cannot be read: " + e.getMessage(), e);
        }
        return new MemoryMap(areas);
    }

    /** All of it, in the order of addresses. */
    public List<Area> areas() {
        return List.copyOf(areas);
    }

    /** What is mapped at an address and behind it without a gap, all of it readable and of one program: itself, or memory without a name. */
    public Area around(long address) {
        int first = 0;
        while (first < areas.size() && areas.get(first).end <= address) {
            first++;
        }
        if (first == areas.size() || areas.get(first).start > address) {
            return new Area(address, address, false, "");
        }
        String name = areas.get(first).name;
        int last = first;
        while (first > 0 && areas.get(first - 1).end == areas.get(first).start && isOf(areas.get(first - 1), name)) {
            first--;
        }
        while (last + 1 < areas.size()
                && areas.get(last + 1).start == areas.get(last).end
                && isOf(areas.get(last + 1), name)) {
            last++;
        }
        return new Area(areas.get(first).start, areas.get(last).end, true, name);
    }

    private static boolean isOf(Area area, String name) {
        return area.readable && (area.name.equals(name) || area.name.isEmpty());
    }

    /** Whether something is mapped from an address on. */
    public boolean hasAreaAt(long start) {
        return areas.stream().anyMatch(area -> area.start == start);
    }

    /**
     * The address of free memory within reach of other memory. It is behind that if it can be, and as far as it can be, so that what is behind has
     * room to grow; else it is before it, and near.
     *
     * @param bytes how much, a multiple of the page
     * @param reach how far any of it may be from any of the other memory
     * @return empty if there is none
     */
    public OptionalLong free(long bytes, Area near, long reach) {
        long behind = -1;
        long before = -1;
        long below = LOWEST;
        for (int i = 0; i <= areas.size(); i++) {
            long above = i < areas.size() ? areas.get(i).start : HIGHEST;
            long first = below + MARGIN;
            long last = above - MARGIN - bytes;
            if (Long.compareUnsigned(above, HIGHEST) <= 0 && first <= last) {
                long farthest = Math.min(last, near.start + reach - bytes);
                if (farthest >= Math.max(first, near.end)) {
                    behind = farthest;
                }
                if (last + bytes <= near.start && near.end - last <= reach) {
                    before = last;
                }
            }
            if (i < areas.size()) {
                below = Math.max(below, areas.get(i).end);
            }
        }
        return behind >= 0 ? OptionalLong.of(behind) : before >= 0 ? OptionalLong.of(before) : OptionalLong.empty();
    }
}
