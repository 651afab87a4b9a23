package dev.tracetoll.cli;

import com.google.re2j.Pattern;
import dev.tracetoll.golang.GoBinary;
import dev.tracetoll.problem.Problem;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.plan.TraceRequest;
import dev.tracetoll.tracing.uprobe.Emulation;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process of its own that reads damaged programs as {@code trace} does, for native readers may end it. Says of each file what came of it. */
final class DamagedFiles {

    /** Some with values of all kinds, and some of the runtime; of some files all. */
    private static final List<Pattern> FUNCTIONS =
            FunctionSelection.compile(List.of("^main\\.|^runtime\\.(m|g|new)|^fmt\\.F"));

    private static final List<Pattern> ALL_FUNCTIONS = FunctionSelection.compile(List.of("."));
    private static final int OF_SO_MANY_ONE_WHOLE = 8;
    private static final Emulation EMULATION = Emulation.ofThisKernel();
    private static final int MOST_CHARACTERS = 600;

    private DamagedFiles() {}

    /**
     * Reads what it makes of seeds.
     *
     * @param arguments a directory, in which seeds are called seed-…; the first number, and the one behind the last
     */
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        List<byte[]> seeds = new ArrayList<>();
        try (var files = Files.list(directory)) {
            for (Path file : files.filter(each -> each.getFileName().toString().startsWith("seed-"))
                    .sorted()
                    .toList()) {
                seeds.add(Files.readAllBytes(file));
            }
        }
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Path mutant = directory.resolve("mutant-" + arguments[1]);
        var threads = ManagementFactory.getThreadMXBean();
        for (long number = Long.parseLong(arguments[1]); number < Long.parseLong(arguments[2]); number++) {
            out.println("begin " + number);
            Files.write(mutant, DamagedFile.of(seeds, number).bytes());
            long begin = threads.getCurrentThreadCpuTime();
            String outcome;
            try {
                read(mutant, number % OF_SO_MANY_ONE_WHOLE == 0 ? ALL_FUNCTIONS : FUNCTIONS);
                outcome = "read";
            } catch (Problem e) {
                outcome = isClear(e.getMessage(), mutant) ? "refused" : "unclear: " + e.getMessage();
            } catch (RuntimeException | Error e) {
                outcome = "uncaught: " + e + at(e);
            }
            out.printf(
                    "end %d %d %d %s%n",
                    number,
                    (threads.getCurrentThreadCpuTime() - begin) / 1_000_000,
                    peakKiB(),
                    outcome.replace('\n', ' '));
        }
        Files.delete(mutant);
    }

    private static void read(Path file, List<Pattern> functions) {
        try (GoBinary binary = GoBinary.open(file, EMULATION)) {
            FunctionSelection selection = FunctionSelection.of(binary, functions, (done, total) -> {});
            new TracePlan(
                    new TraceRequest(file, selection.functions(), binary.runtimeLayout(), binary.types(), true, 64, 2),
                    EMULATION);
        }
    }

    /** One line that names the file, and says something. */
    private static boolean isClear(String message, Path file) {
        return message.contains(file.toString())
                && !message.contains("\n")
                && !message.contains("null")
                && !message.contains("no error")
                && message.length() < MOST_CHARACTERS;
    }

    private static String at(Throwable e) {
        StringBuilder where = new StringBuilder();
        for (int i = 0; i < Math.min(4, e.getStackTrace().length); i++) {
            where.append(" < ").append(e.getStackTrace()[i]);
        }
        return where.toString();
    }

    private static long peakKiB() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new IOException("no VmHWM");
    }
}
