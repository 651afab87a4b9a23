package dev.tracetoll.golang;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmulationTest {

    private static final Emulation NEW = new Emulation(6, 18);
    private static final Emulation OLD = new Emulation(6, 1);

    @ParameterizedTest
    @CsvSource({
        "55,           push rbp,           EMULATED,  STEPPED",
        "4157,         push r15,           EMULATED,  STEPPED",
        "90,           nop,                EMULATED,  EMULATED",
        "0f1f440000,   five-byte nop,      OPTIMIZED, STEPPED",
        "eb10,         short jmp,          EMULATED,  EMULATED",
        "e910000000,   near jmp,           EMULATED,  EMULATED",
        "7610,         short jbe,          EMULATED,  EMULATED",
        "0f8697000000, near jbe,           EMULATED,  EMULATED",
        "e810000000,   call,               EMULATED,  EMULATED",
        "493b6610,     'cmp rsp,[r14+16]', STEPPED,   STEPPED",
        "4883ec38,     'sub rsp,56',       STEPPED,   STEPPED",
        "488d0418,     'lea rax,[rax+rbx]', STEPPED,  STEPPED",
        "c3,           ret,                STEPPED,   STEPPED",
        "ffd0,         call rax,           STEPPED,   STEPPED",
    })
    void saysWhatTheKernelDoes(String bytes, String text, SiteClass onNew, SiteClass onOld) {
        byte[] instruction = HexFormat.of().parseHex(bytes);
        assertThat(NEW.classOf(instruction)).as(text).isEqualTo(onNew);
        assertThat(OLD.classOf(instruction)).as(text).isEqualTo(onOld);
    }
}
