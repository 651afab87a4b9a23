package dev.tracetoll.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Where the attributes of entries are in a file whose DWARF is whole and not compressed. Format: the DWARF 4 and 5 standards, section 7.5. */
final class DwarfPlaces {

    /** The value of an attribute, {@code size} bytes at {@code at}; {@code entry} is its entry, {@code unit} the offset that references count from. */
    record Place(int attribute, int form, int at, int size, int entry, int unit) {

        /** Whether it refers to an entry by four bytes. */
        boolean refers() {
            return form == REF_4 || form == REF_ADDR;
        }

        /** Whether it is a number of variable length. */
        boolean variable() {
            return form == UDATA || form == SDATA || form == ADDRX;
        }
    }

    private static final int REF_4 = 0x13;
    private static final int REF_ADDR = 0x10;
    private static final int UDATA = 0x0f;
    private static final int SDATA = 0x0d;
    private static final int ADDRX = 0x1b;

    private static final int ENOUGH = 1 << 12;

    private final Random choice = new Random(1);
    private final byte[] bytes;
    private final int abbreviations;
    private final int info;
    private final int end;
    private final Map<Integer, List<Place>> byAttribute = new TreeMap<>();
    private final List<Integer> entries = new ArrayList<>();
    private int at;

    /**
     * @param bytes a file
     * @param abbreviations where {@code .debug_abbrev} is in it
     * @param info where {@code .debug_info} is in it
     * @param size of {@code .debug_info}
     */
    DwarfPlaces(byte[] bytes, int abbreviations, int info, int size) {
        this.bytes = bytes;
        this.abbreviations = abbreviations;
        this.info = info;
        this.end = info + size;
        at = info;
        Map<Integer, Map<Integer, int[]>> tables = new HashMap<>();
        while (at < end) {
            int unit = at;
            int next = at + Integer.BYTES + number(4);
            boolean dwarf5 = number(2) == 5;
            at += dwarf5 ? 2 : 0;
            int table = number(4);
            at += dwarf5 ? 0 : 1;
            unit(unit, next, tables.computeIfAbsent(table, this::table));
            at = next;
        }
    }

    /** Some of the places of each attribute, by its number. */
    Map<Integer, List<Place>> byAttribute() {
        return byAttribute;
    }

    /** Where some of the entries are in {@code .debug_info}. */
    List<Integer> entries() {
        return entries;
    }

    private void unit(int unit, int next, Map<Integer, int[]> table) {
        while (at < next) {
            int entry = at;
            int[] forms = table.get(variable());
            if (forms == null) {
                continue;
            }
            keep(entries, entry - info);
            for (int i = 0; i < forms.length; i += 2) {
                int start = at;
                pass(forms[i + 1]);
                keep(
                        byAttribute.computeIfAbsent(forms[i], any -> new ArrayList<>()),
                        new Place(forms[i], forms[i + 1], start, at - start, entry - info, unit - info));
            }
        }
    }

    /** As many as are enough: a file has a million. */
    private <T> void keep(List<T> kept, T one) {
        if (kept.size() < ENOUGH) {
            kept.add(one);
        } else {
            kept.set(choice.nextInt(ENOUGH), one);
        }
    }

    /** Attributes and forms in turn, by code. */
    private Map<Integer, int[]> table(int offset) {
        int before = at;
        at = abbreviations + offset;
        Map<Integer, int[]> table = new HashMap<>();
        for (int code = variable(); code != 0; code = variable()) {
            variable();
            at++;
            List<Integer> forms = new ArrayList<>();
            while (true) {
                int attribute = variable();
                int form = variable();
                if (form == 0x21) {
                    variable();
                }
                if (attribute == 0 && form == 0) {
                    break;
                }
                forms.add(attribute);
                forms.add(form);
            }
            table.put(code, forms.stream().mapToInt(Integer::intValue).toArray());
        }
        at = before;
        return table;
    }

    private void pass(int form) {
        switch (form) {
            case 0x08 -> {
                while (bytes[at] != 0) {
                    at++;
                }
                at++;
            }
            case 0x19, 0x21 -> {}
            case 0x0b, 0x0c, 0x11 -> at++;
            case 0x05, 0x12 -> at += 2;
            case 0x06, 0x0e, REF_ADDR, REF_4, 0x17, 0x1f -> at += 4;
            case 0x01, 0x07, 0x14 -> at += 8;
            case SDATA, UDATA, ADDRX, 0x1a, 0x22, 0x23 -> variable();
            case 0x18 -> {
                int length = variable();
                at += length;
            }
            case 0x0a -> {
                int length = number(1);
                at += length;
            }
            default -> throw new IllegalStateException("form 0x" + Integer.toHexString(form));
        }
    }

    private int number(int size) {
        int value = 0;
        for (int i = size - 1; i >= 0; i--) {
            value = value << Byte.SIZE | bytes[at + i] & 0xff;
        }
        at += size;
        return value;
    }

    private int variable() {
        int value = 0;
        int shift = 0;
        byte next;
        do {
            next = bytes[at++];
            value |= (next & 0x7f) << shift;
            shift += 7;
        } while (next < 0);
        return value;
    }
}
