package dev.tracetoll.burst;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TailTest {

    private final Tail tail = new Tail();

    private void add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        tail.add(bytes, bytes.length);
    }

    @Test
    void joinsLines() {
        assertThat(tail.onOneLine()).isEmpty();
        add("panic: oh\n\n\tgorou");
        add("tine 1\r\n");
        assertThat(tail.onOneLine()).isEqualTo("panic: oh | goroutine 1");
    }

    @Test
    void keepsTheEndAndSaysThatItIsCut() {
        add("first " + "x".repeat(Tail.MAX_BYTES - 1));
        add("y");
        assertThat(tail.onOneLine()).isEqualTo("… " + "x".repeat(Tail.MAX_BYTES - 1) + "y");
    }
}
