package dev.tracetoll.tracing.ptrace;

import dev.tracetoll.golang.ProbeSite;
import dev.tracetoll.golang.SiteKind;
import dev.tracetoll.linux.elf.ElfFile;
import dev.tracetoll.linux.file.SharedMemory;
import dev.tracetoll.linux.process.Affinity;
import dev.tracetoll.linux.process.ChildProcess;
import dev.tracetoll.linux.process.Launch;
import dev.tracetoll.linux.process.NativeProgram;
import dev.tracetoll.linux.process.Redirect;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.process.LoadedImage;
import dev.tracetoll.tracing.EventSink;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.TracedProcess;
import dev.tracetoll.tracing.Tracer;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.x86.Decoder;
import dev.tracetoll.x86.Instruction;
import dev.tracetoll.x86.Relocation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The least that an entry event can cost under ptrace: a program in C, {@code ptrace-floor}, that waits for a stop, writes the instruction
 * pointer, and lets the thread go on. There are no events; {@link TraceSession#counts()} tells the stops as calls.
 *
 * <p>One site is probed, the entry of the first function; behind its stack check if it has one, so that a call which makes the stack grow
 * stops there once only.
 */
public final class PtraceFloor implements Tracer {

    private final boolean together;

    /** @param together whether tracer and process are confined to one CPU, if they may run on one */
    public PtraceFloor(boolean together) {
        this.together = together;
    }

    @Override
    public Technique technique() {
        return Technique.PTRACE_FLOOR;
    }

    /** @throws BadInput if the process runs already, or the program can be loaded anywhere */
    @Override
    public TraceSession attach(TracePlan plan, TracedProcess process, EventSink sink) {
        Path binary = plan.request().binary();
        if (!process.awaitingExec()) {
            throw new BadInput("process " + process.pid() + " runs already; " + technique()
                    + " takes a program that is to be started");
        }
        ProbeSite entry = plan.sites().stream()
                .map(SitePlan::site)
                .filter(each -> each.kind() == SiteKind.ENTRY)
                .findFirst()
                .orElseThrow(() -> new BadInput("nothing is to be traced; name a function"));
        Instruction instruction;
        try (ElfFile elf = ElfFile.open(binary)) {
            if (elf.positionIndependent()) {
                throw new BadInput(
                        binary + " is position-independent; build it without -buildmode=pie for " + technique());
            }
            instruction = entry.check().isPresent() ? behind(entry.instruction(), elf) : entry.instruction();
        }
        long copy = LoadedImage.spareCode(binary, 0).start();
        byte[] code = Relocation.leadingBack(instruction, instruction.address(), copy)
                .filter(bytes -> LoadedImage.spareCode(binary, 0).size() >= bytes.length)
                .orElseThrow(() -> new BadInput("the instruction " + instruction.text() + " of " + binary
                        + " cannot be executed elsewhere, as " + technique() + " has to; choose another function"));
        return start(process, instruction.address(), copy, code);
    }

    private static Instruction behind(Instruction branch, ElfFile elf) {
        try (Decoder decoder = new Decoder()) {
            return decoder.first(elf.read(branch.next(), Instruction.MOST_BYTES), branch.next());
        }
    }

    private TraceSession start(TracedProcess process, long site, long copy, byte[] code) {
        ChildProcess tracer = null;
        try (SharedMemory counter = SharedMemory.make("tracetoll-stops", Long.BYTES)) {
            tracer = ChildProcess.spawn(new Launch(
                    NativeProgram.named("ptrace-floor"),
                    List.of(
                            Integer.toString(process.pid()),
                            "0x" + Long.toHexString(site),
                            "0x" + Long.toHexString(copy),
                            HexFormat.of().formatHex(code),
                            counter.path().toString(),
                            Integer.toString(cpu(process))),
                    Map.of(),
                    Redirect.NULL,
                    Redirect.PIPE,
                    Redirect.PIPE,
                    false));
            String answer = new String(tracer.stdout().readNBytes("ready\n".length()), StandardCharsets.US_ASCII);
            if (!answer.equals("ready\n")) {
                throw new OperationFailed("process " + process.pid() + " cannot be traced by ptrace-floor: "
                        + new String(tracer.stderr().readAllBytes(), StandardCharsets.UTF_8).strip());
            }
            return new FloorSession(tracer, counter.buffer());
        } catch (IOException e) {
            close(tracer);
            throw new OperationFailed("ptrace-floor cannot be started: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            close(tracer);
            throw e;
        }
    }

    /** The CPU of this thread, if the process may run there too; else -1: somebody wants them apart. */
    private int cpu(TracedProcess process) {
        int own = Affinity.currentCpu();
        Affinity allowed = Affinity.ofThread(process.pid());
        return together && allowed != null && allowed.contains(own) ? own : -1;
    }

    private static void close(@Nullable ChildProcess tracer) {
        if (tracer != null) {
            tracer.close();
        }
    }
}
