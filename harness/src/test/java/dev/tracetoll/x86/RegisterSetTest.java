package dev.tracetoll.x86;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.x86.Register.Family;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegisterSetTest {

    private static RegisterSet of(String name) {
        return new RegisterSet(RegisterSet.bit(Register.named(name)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"r9", "r9d", "r9w", "r9b"})
    void aPartOfARegisterStandsForTheWhole(String name) {
        assertThat(IntStream.range(0, 16).filter(of(name)::hasGeneral)).containsExactly(9);
        assertThat(IntStream.range(0, 32).filter(of(name)::hasVector)).isEmpty();
        assertThat(of(name).hasFlags()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"xmm31", "ymm31", "zmm31"})
    void generalAndVectorRegistersAreTold(String name) {
        assertThat(IntStream.range(0, 16).filter(of(name)::hasGeneral)).isEmpty();
        assertThat(IntStream.range(0, 32).filter(of(name)::hasVector)).containsExactly(31);
        assertThat(of(name).hasFlags()).isFalse();
    }

    @Test
    void eachRegisterHasABitOfItsOwn() {
        long all = 0;
        for (int i = 0; i < 16; i++) {
            all |= RegisterSet.bit(new Register(Family.GENERAL, i, Long.BYTES, false));
        }
        for (int i = 0; i < Register.VECTORS; i++) {
            all |= RegisterSet.bit(new Register(Family.VECTOR, i, Long.BYTES, false));
        }
        all |= RegisterSet.bit(Register.named("rflags"));
        assertThat(Long.bitCount(all)).isEqualTo(16 + 32 + 1);
        assertThat(of("rflags").hasFlags()).isTrue();
        assertThat(new RegisterSet(all).hasFlags()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rip", "fs", "k1", "riz"})
    void ofOtherRegistersNothingIsTold(String name) {
        assertThat(of(name)).isEqualTo(RegisterSet.NONE);
    }
}
