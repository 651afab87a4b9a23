package dev.tracetoll.tracing.uprobe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.linux.kernel.KernelVersion;
import dev.tracetoll.tracing.plan.SiteClass;
import dev.tracetoll.x86.Code;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmulationTest {

    private static final Emulation NEW = new Emulation(new KernelVersion(6, 18));
    private static final Emulation OLD = new Emulation(new KernelVersion(6, 1));

    @Test
    void callsInPlaceOfNopsCameLaterThanTheirEmulation() {
        byte[] nop = HexFormat.of().parseHex("0f1f440000");
        assertThat(new Emulation(new KernelVersion(6, 15)).classOf(nop)).isEqualTo(SiteClass.STEPPED);
        assertThat(new Emulation(new KernelVersion(6, 16)).classOf(nop)).isEqualTo(SiteClass.EMULATED);
        assertThat(new Emulation(new KernelVersion(6, 18)).classOf(nop)).isEqualTo(SiteClass.OPTIMIZED);
        assertThat(new Emulation(new KernelVersion(7, 0)).classOf(nop)).isEqualTo(SiteClass.OPTIMIZED);
    }

    @ParameterizedTest
    @CsvSource({
        "55,           push rbp,           EMULATED,  STEPPED",
        "4157,         push r15,           EMULATED,  STEPPED",
        "90,           nop,                EMULATED,  EMULATED",
        "0f1f440000,   five-byte nop,      OPTIMIZED, STEPPED",
        "0f1f00,       three-byte nop,     EMULATED,  STEPPED",
        "660f1f440000, six-byte nop,       EMULATED,  STEPPED",
        "0f1f840000000000, eight-byte nop, EMULATED,  STEPPED",
        "660f1f840000000000, nine-byte nop, STEPPED,  STEPPED",
        "666690,       nop with prefixes,  EMULATED,  EMULATED",
        "0f1f4500,     nop of other operands, STEPPED, STEPPED",
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

    @Test
    void objectsToAnExchangeThatTheKernelTakesForANop() {
        assertThat(NEW.objection(Code.one(0x1000, "4990")))
                .hasValueSatisfying(why -> assertThat(why).contains("at 0x1000, xchg", "for a nop"));
        assertThat(NEW.objection(Code.one(0x1000, "90"))).as("a nop").isEmpty();
        assertThat(NEW.objection(Code.one(0x1000, "f390"))).as("pause").isEmpty();
        assertThat(NEW.objection(Code.one(0x1000, "4890")))
                .as("a nop with a prefix")
                .isEmpty();
    }
}
