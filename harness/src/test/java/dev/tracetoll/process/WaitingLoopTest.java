package dev.tracetoll.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.x86.Code;
import dev.tracetoll.x86.Instruction;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaitingLoopTest {

    private static final long CALL = 0x401000;

    /** The instructions from one address to another. */
    private static List<String> instructions(long from, long to) {
        ByteBuffer code = ByteBuffer.allocate(WaitingLoop.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        code.asLongBuffer().put(WaitingLoop.code());
        byte[] part = new byte[(int) (to - from)];
        code.get((int) (from - CALL), part);
        return Code.decode(from, part).stream().map(Instruction::text).toList();
    }

    @Test
    void theLoopSleepsAndKeepsWhatItsCallerPassed() {
        WaitingLoop waiting = new WaitingLoop(CALL);
        assertThat(instructions(CALL, waiting.loop())).containsExactly("syscall");
        // pause is system call 34; a handler's arguments are in rdi, rsi and rdx.
        assertThat(instructions(waiting.loop(), waiting.loopEnd()))
                .containsExactly("mov eax, 0x22", "syscall", "jmp 0x" + Long.toHexString(waiting.loop()));
        // rt_sigreturn is system call 15.
        assertThat(instructions(waiting.restorer(), waiting.restorer() + 7)).containsExactly("mov eax, 0xf", "syscall");
    }

    @Test
    void theCodeFitsIntoItsWords() {
        assertThat(WaitingLoop.BYTES % Long.BYTES).isZero();
        assertThat(new WaitingLoop(CALL).restorer() + 7).isLessThanOrEqualTo(CALL + WaitingLoop.BYTES);
    }
}
