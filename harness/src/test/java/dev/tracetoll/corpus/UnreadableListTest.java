package dev.tracetoll.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class UnreadableListTest {

    @Test
    void entriesThatNothingNeededAreNamed() {
        UnreadableList list = new UnreadableList(
                List.of("# comment", "", ".* .* .* argument/.* the reason given", "ebpf .* .* .* other"));
        assertThat(list.notNeeded()).hasSize(2);
        assertThat(list.allows("ptrace", "newest", "main.f", "argument/map", "the reason given"))
                .isTrue();
        assertThat(list.allows("ptrace", "newest", "main.f", "argument/map", "other"))
                .isFalse();
        assertThat(list.notNeeded()).containsExactly("ebpf .* .* .* other");
    }

    @Test
    void columnsMatchAsAWhole() {
        UnreadableList list = new UnreadableList(List.of("ebpf newest f argument/map why"));
        assertThat(list.allows("ebpf", "newest", "f", "argument/map/int", "why"))
                .isFalse();
        assertThat(list.allows("ebpf", "newest", "ff", "argument/map", "why")).isFalse();
        assertThat(list.allows("ebpf", "newest", "f", "argument/map", "why not"))
                .isFalse();
    }

    @Test
    void refusesALineWithoutAReason() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new UnreadableList(List.of("ebpf .* .* argument")))
                .withMessageContaining("ebpf .* .* argument");
    }
}
