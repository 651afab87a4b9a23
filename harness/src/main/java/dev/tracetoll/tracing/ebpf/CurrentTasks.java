package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.linux.bpf.BpfCode;
import dev.tracetoll.linux.bpf.BpfCode.Condition;
import dev.tracetoll.linux.bpf.BpfCode.Helper;
import dev.tracetoll.linux.bpf.BpfCode.Operation;
import dev.tracetoll.linux.bpf.BpfCode.Register;
import dev.tracetoll.linux.bpf.BpfCode.Size;
import dev.tracetoll.linux.bpf.BpfObject;
import dev.tracetoll.linux.bpf.BpfProgram;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where the kernel keeps which task each CPU runs, so that a compiled program reads the thread's number instead of calling the kernel for it. The
 * two functions that it calls for that are none when it runs: the kernel compiles the one to a load (Linux 6.10) and the other to nothing.
 */
final class CurrentTasks {

    private static final String PROGRAM = "on_currents";
    private static final String MAP = "currents";
    /** Lets a program read kernel memory at an address that it has as a number; of no type, since Linux 6.17. */
    private static final String CAST = "bpf_rdonly_cast";

    private static final int NO_TYPE = 0;
    /** Of an address. */
    private static final int LOG2_BYTES = 3;

    /** Looked for once: its number stays the same as long as the kernel runs. */
    private static final class Cast {
        static final OptionalInt FUNCTION = BpfObject.kernelFunction(CAST);

        private Cast() {}
    }

    private final int map;
    private final int cast;
    private final int pidOffset;

    /**
     * As it is known already.
     *
     * @param map descriptor of the map that has the addresses
     * @param cast number of the kernel's function that makes a number an address
     * @param pidOffset of the thread's number in a task
     */
    CurrentTasks(int map, int cast, int pidOffset) {
        this.map = map;
        this.cast = cast;
        this.pidOffset = pidOffset;
    }

    /** Tells an object, before it is loaded, whether {@link #of} will be asked. */
    static void prepare(BpfObject object, boolean wanted) {
        if (!wanted) {
            object.leaveOut(PROGRAM);
        }
    }

    /**
     * Finds it out.
     *
     * @param object loaded
     * @return empty if this kernel does not say
     */
    static Optional<CurrentTasks> of(BpfObject object) {
        if (Cast.FUNCTION.isEmpty()) {
            return Optional.empty();
        }
        boolean any = false;
        for (int cpu = 0; cpu < Math.min(object.possibleCpus(), 1 << Contract.CPUS_LOG2); cpu++) {
            any |= object.runOn(PROGRAM, cpu);
        }
        int pidOffset = (int) object.mapped(MAP, Contract.CURRENTS_BYTES, false).getLong(Contract.CURRENTS_PID_OFFSET);
        CurrentTasks tasks = new CurrentTasks(object.mapFd(MAP), Cast.FUNCTION.getAsInt(), pidOffset);
        return any && pidOffset > 0 && BpfProgram.isTaken(tasks.alone()) ? Optional.of(tasks) : Optional.empty();
    }

    private byte[] alone() {
        BpfCode code = new BpfCode();
        readThread(code);
        code.exit();
        return code.assemble();
    }

    /** Puts the thread's number into R0; R1 to R5 are gone. Of a CPU that was offline, or is one of too many, the kernel is asked. */
    void readThread(BpfCode code) {
        code.call(Helper.GET_SMP_PROCESSOR_ID);
        code.jump(Condition.GREATER, Register.R0, (1 << Contract.CPUS_LOG2) - 1, "ask");
        code.alu(Operation.SHIFT_LEFT, Register.R0, LOG2_BYTES);
        code.loadMapValue(Register.R1, map, Contract.CURRENTS_AT);
        code.alu(Operation.ADD, Register.R1, Register.R0);
        code.load(Size.DOUBLE, Register.R1, Register.R1, 0);
        code.jump(Condition.EQUAL, Register.R1, 0, "ask");
        castToMemory(code);
        code.load(Size.DOUBLE, Register.R1, Register.R0, 0);
        castToMemory(code);
        code.load(Size.WORD, Register.R0, Register.R0, pidOffset);
        code.jump("thread");
        code.label("ask");
        code.call(Helper.GET_CURRENT_PID_TGID);
        code.label("thread");
    }

    private void castToMemory(BpfCode code) {
        code.move(Register.R2, NO_TYPE);
        code.callKernel(cast);
    }
}
