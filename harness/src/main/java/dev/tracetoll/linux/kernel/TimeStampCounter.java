package dev.tracetoll.linux.kernel;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.MemoryIO;
import com.kenai.jffi.PageManager;
import com.kenai.jffi.Type;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The time stamp counter of the processors of this machine. Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 3, 18.17. */
public final class TimeStampCounter {

    /** {@code rdtsc; shl rdx, 32; or rax, rdx; ret}. */
    private static final byte[] READ = {
        0x0f, 0x31, 0x48, (byte) 0xc1, (byte) 0xe2, 0x20, 0x48, 0x09, (byte) 0xd0, (byte) 0xc3
    };

    private static final Path CPUS = Path.of("/proc/cpuinfo");
    private static final Path CLOCK_SOURCES =
            Path.of("/sys/devices/system/clocksource/clocksource0/available_clocksource");

    private static final CallContext NO_ARGUMENTS =
            CallContext.getCallContext(Type.SINT64, new Type[0], CallingConvention.DEFAULT, false);

    /** Never given back: there is one for the whole process. */
    private static final class Code {
        static final long ADDRESS = write();

        private static long write() {
            long page = PageManager.getInstance()
                    .allocatePages(1, PageManager.PROT_READ | PageManager.PROT_WRITE | PageManager.PROT_EXEC);
            MemoryIO.getInstance().putByteArray(page, READ, 0, READ.length);
            PageManager.getInstance().protectPages(page, 1, PageManager.PROT_READ | PageManager.PROT_EXEC);
            return page;
        }
    }

    private TimeStampCounter() {}

    /** Its value on the processor that this thread runs on. */
    public static long read() {
        return Invoker.getInstance().invokeN0(NO_ARGUMENTS, Code.ADDRESS);
    }

    /**
     * Whether it tells the time: it counts at one rate, whatever the processor does, and the kernel has not found that processors disagree, for
     * then it takes it from its list of clocks.
     */
    public static boolean isSteady() {
        try (Stream<String> cpus = Files.lines(CPUS)) {
            boolean constant = cpus.filter(line -> line.startsWith("flags"))
                    .findFirst()
                    .filter(flags -> flags.contains(" constant_tsc") && flags.contains(" nonstop_tsc"))
                    .isPresent();
            String sources = Files.readString(CLOCK_SOURCES);
            return constant && (sources.contains("tsc") || sources.contains("kvm-clock"));
        } catch (IOException e) {
            return false;
        }
    }
}
