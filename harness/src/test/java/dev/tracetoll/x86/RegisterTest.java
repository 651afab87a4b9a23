package dev.tracetoll.x86;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.x86.Register.Family;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegisterTest {

    @ParameterizedTest
    @CsvSource({
        "rax, 0, 8",
        "eax, 0, 4",
        "ax, 0, 2",
        "al, 0, 1",
        "rcx, 1, 8",
        "rdx, 2, 8",
        "ebx, 3, 4",
        "bl, 3, 1",
        "rsp, 4, 8",
        "sp, 4, 2",
        "spl, 4, 1",
        "rbp, 5, 8",
        "bpl, 5, 1",
        "esi, 6, 4",
        "sil, 6, 1",
        "di, 7, 2",
        "dil, 7, 1",
        "r8, 8, 8",
        "r9d, 9, 4",
        "r10w, 10, 2",
        "r15b, 15, 1"
    })
    void generalRegistersHaveTheProcessorsNumbers(String name, int number, int size) {
        assertThat(Register.named(name)).isEqualTo(new Register(Family.GENERAL, number, size, false));
    }

    @ParameterizedTest
    @CsvSource({"ah, 0", "ch, 1", "dh, 2", "bh, 3"})
    void secondBytesAreToldFromFirstOnes(String name, int number) {
        assertThat(Register.named(name)).isEqualTo(new Register(Family.GENERAL, number, 1, true));
    }

    @ParameterizedTest
    @CsvSource({
        "xmm0, VECTOR, 0, 16",
        "ymm15, VECTOR, 15, 32",
        "zmm31, VECTOR, 31, 64",
        "rip, INSTRUCTION_POINTER, 0, 8",
        "eip, INSTRUCTION_POINTER, 0, 4",
        "rflags, FLAGS, 0, 8",
        "fs, OTHER, 0, 0",
        "cs, OTHER, 0, 0",
        "es, OTHER, 0, 0",
        "cr8, OTHER, 0, 0",
        "dr7, OTHER, 0, 0",
        "k1, OTHER, 0, 0",
        "mm0, OTHER, 0, 0",
        "st(0), OTHER, 0, 0",
        "riz, OTHER, 0, 0",
        "ip, OTHER, 0, 0"
    })
    void othersAreOfTheirFamily(String name, Family family, int number, int size) {
        assertThat(Register.named(name)).isEqualTo(new Register(family, number, size, false));
    }
}
