package dev.tracetoll.tracing.inline;

import dev.tracetoll.tracing.plan.Sampling;
import dev.tracetoll.x86.Assembler;
import dev.tracetoll.x86.Assembler.Arithmetic;
import dev.tracetoll.x86.Assembler.Label;
import dev.tracetoll.x86.Condition;

/** Writes the code that tells goroutines that are chosen from others, where calls are sampled. */
final class SampleCode {

    private SampleCode() {}

    /**
     * Goes on if the goroutine is one of those that {@link Sampling#chooses}.
     *
     * @param one the register that has the goroutine, and is written over
     * @param other another one that may be written over
     * @param others where to go otherwise
     */
    static void write(Assembler code, Sampling sampling, int one, int other, Label others) {
        code.moveConstant(other, sampling.seed());
        code.compute(Arithmetic.XOR, one, other);
        code.moveConstant(other, Sampling.FACTOR);
        code.multiplyRegister(one, other);
        code.move(other, one);
        code.shiftRight(other, Integer.SIZE);
        code.compute(Arithmetic.XOR, one, other);
        code.moveConstant(other, Sampling.FACTOR);
        code.multiplyRegister(one, other);
        code.shiftRight(one, Integer.SIZE);
        code.moveConstant(other, sampling.limit());
        code.compute(Arithmetic.CMP, one, other);
        code.jumpIf(Condition.AE, others);
    }
}
