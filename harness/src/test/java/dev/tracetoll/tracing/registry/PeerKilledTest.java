package dev.tracetoll.tracing.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PeerKilledTest {

    @Test
    void whatWasSeenIsASentence() {
        assertThat(new PeerKilled("a", "1", 10, 10, 0, 0, "").inWords()).isEqualTo("It runs on.");
        assertThat(new PeerKilled("a", "1", 10, 0, 10, 0, "exited with code 1").inWords())
                .isEqualTo("It dies: it exited with code 1.");
        assertThat(new PeerKilled("a", "1", 10, 1, 7, 2, "was killed by SIGTRAP").inWords())
                .isEqualTo("It ran on once, died 7 times (was killed by SIGTRAP), stood still 2 times.");
        assertThat(new PeerKilled("a", "1", 2, 0, 0, 2, "").inWords()).isEqualTo("It stood still 2 times.");
    }

    @Test
    void whatDoesNotAddUpIsNoRecord() {
        assertThatThrownBy(() -> new PeerKilled("a", "1", 3, 1, 1, 0, "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PeerKilled("a", "1", 0, 0, 0, 0, "")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void eachPeerHasARecord() {
        assertThat(PeerKilled.published())
                .extracting(PeerKilled::technique)
                .containsExactlyElementsOf(TechniqueRegistry.ALL.names().stream()
                        .filter(name -> TechniqueRegistry.ALL.facts(name).peer())
                        .toList());
        assertThat(PeerKilled.of("untraced")).isEmpty();
    }

    @Test
    void theRecordIsWrittenAsItIsRead() {
        assertThat(Path.of("src/main/resources/dev/tracetoll/tracing/registry/peers-killed.tsv"))
                .content()
                .isEqualTo(PeerKilled.record(PeerKilled.published()));
    }
}
