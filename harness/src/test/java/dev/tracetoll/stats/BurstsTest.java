package dev.tracetoll.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class BurstsTest {

    private final Bursts bursts = Bursts.of(List.of(List.of(5L, 1L, 4L), List.of(2L, 3L)));

    @Test
    void roundsKeepTheirBursts() {
        assertThat(bursts.rounds()).isEqualTo(2);
        assertThat(bursts.count()).isEqualTo(5);
        assertThat(bursts.all()).containsExactly(5L, 1L, 4L, 2L, 3L);
        assertThat(bursts.totalNs()).isEqualTo(15);
        assertThat(bursts.quantileNs(0.5)).isEqualTo(3);
        assertThat(bursts.rounds(1, 2)).isEqualTo(Bursts.ofRound(2, 3));
        assertThat(bursts.withoutFirst(1)).isEqualTo(Bursts.of(List.of(List.of(1L, 4L), List.of(3L))));
        assertThat(bursts.hasEmptyRound()).isFalse();
        assertThat(bursts.withoutFirst(2).hasEmptyRound()).isTrue();
    }

    @Test
    void severalBecomeOne() {
        assertThat(Bursts.joined(List.of(Bursts.ofRound(5, 1, 4), Bursts.ofRound(2, 3))))
                .isEqualTo(bursts)
                .hasSameHashCodeAs(bursts)
                .hasToString("[[5, 1, 4], [2, 3]] ns");
        assertThat(Bursts.inOneRound(List.of(bursts, Bursts.ofRound(6)))).isEqualTo(Bursts.ofRound(5, 1, 4, 2, 3, 6));
        assertThat(Bursts.joined(List.of()).rounds()).isZero();
        assertThat(bursts).isNotEqualTo(Bursts.joined(List.of()));
    }

    @Test
    void nothingFromOutsideChangesThem() {
        long[] given = {1, 2};
        Bursts round = Bursts.ofRound(given);
        given[0] = 9;
        assertThat(round).isEqualTo(Bursts.ofRound(1, 2));
    }

    @Test
    void readsWhatItWrites() throws IOException {
        ObjectMapper json = new ObjectMapper();
        assertThat(json.writeValueAsString(bursts)).isEqualTo("[[5,1,4],[2,3]]");
        assertThat(json.readValue("[[5,1,4],[2,3]]", Bursts.class)).isEqualTo(bursts);
        assertThatThrownBy(() -> json.readValue("[[5,null]]", Bursts.class)).isInstanceOf(JsonMappingException.class);
        assertThatThrownBy(() -> json.readValue("[null]", Bursts.class)).isInstanceOf(JsonMappingException.class);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Bursts.of(List.of(Arrays.asList(1L, null))))
                .withMessageContaining("without a duration");
    }
}
