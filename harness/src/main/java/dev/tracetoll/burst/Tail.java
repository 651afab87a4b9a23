package dev.tracetoll.burst;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The last 4 KiB of a stream. */
final class Tail {

    static final int MAX_BYTES = 4096;

    private byte[] kept = new byte[0];
    private boolean cut;

    void add(byte[] bytes, int count) {
        byte[] all = Arrays.copyOf(kept, kept.length + count);
        System.arraycopy(bytes, 0, all, kept.length, count);
        int surplus = Math.max(0, all.length - MAX_BYTES);
        cut |= surplus > 0;
        kept = Arrays.copyOfRange(all, surplus, all.length);
    }

    /** The text with its lines joined; empty if there was none. */
    String onOneLine() {
        String text = new String(kept, StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .collect(Collectors.joining(" | "));
        return cut ? "… " + text : text;
    }
}
