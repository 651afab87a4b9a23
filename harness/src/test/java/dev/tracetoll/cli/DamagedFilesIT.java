package dev.tracetoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.faults.Promise;
import dev.tracetoll.faults.Tries;
import dev.tracetoll.testing.BesideOthers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a file has in it: {@code trace} reads it, or says in one clear line why not, soon and within bounds. */
@BesideOthers
class DamagedFilesIT {

    private static final int IN_CI = 250;
    private static final int FULL = 20_000;
    private static final long MOST_CPU_MS = 5_000;
    private static final long MOST_KIB = 512 << 10;
    /** For a file that keeps its reader from ending. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    /** A new process now and then tells one file's memory from another's. */
    private static final int FILES_A_PROCESS = 250;

    private static final int SHOWN = 10;

    @TempDir
    private Path directory;

    private final List<String> wrong = new ArrayList<>();
    private final Map<String, Integer> outcomes = new TreeMap<>();
    private long mostCpuMs;
    private long mostKiB;

    @Test
    @Promise(
            chapter = Promise.Chapter.SURROUNDINGS,
            fault = "A program's file is damaged: headers, symbols, DWARF, pclntab, build information, lengths, code",
            promise = "it is read, or refused in one line that names it, within 5 s and 512 MiB")
    void damagedFilesAreReadOrRefused() throws Exception {
        int files = Tries.wanted(IN_CI, FULL);
        seed("seed-default", Map.of());
        seed("seed-plain", Map.of(), "-ldflags=-compressdwarf=false");
        seed("seed-pie", Map.of(), "-buildmode=pie", "-ldflags=-compressdwarf=false");
        seed("seed-stripped", Map.of(), "-ldflags=-s -w");
        seed("seed-oldest", Map.of("TRACETOLL_GO", "/usr/lib/go-1.19/bin/go"), "-ldflags=-compressdwarf=false");
        long first = 0;
        while (first < files) {
            first = read(first, Math.min(files, first + FILES_A_PROCESS));
        }
        System.out.printf(
                "%d damaged files: %s; at most %d ms of CPU and %d MiB%n", files, outcomes, mostCpuMs, mostKiB >> 10);
        Tries.measured("%d read, %d refused, at most %.1f s and %d MiB"
                .formatted(
                        outcomes.getOrDefault("read", 0),
                        outcomes.getOrDefault("refused", 0),
                        mostCpuMs / 1e3,
                        mostKiB >> 10));
        assertThat(wrong.subList(0, Math.min(SHOWN, wrong.size())))
                .as("%d of %d files", wrong.size(), files)
                .isEmpty();
    }

    private void seed(String name, Map<String, String> environment, String... options)
            throws IOException, InterruptedException {
        Path home = Path.of(System.getProperty("tracetoll.home"));
        List<String> command = new ArrayList<>(List.of(
                "sh",
                home.resolve("targets/go.sh").toString(),
                "build",
                "-buildvcs=false",
                "-o",
                directory.resolve(name).toString()));
        command.addAll(List.of(options));
        command.add(home.resolve("harness/src/test/go/truth/main.go").toString());
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().putAll(environment);
        assertThat(builder.start().waitFor()).as("%s", command).isZero();
    }

    /** Reads files in a process of their own; returns the number of the next one. */
    private long read(long from, long to) throws IOException, InterruptedException {
        Process reader = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DamagedFiles.class.getName(),
                        directory.toString(),
                        Long.toString(from),
                        Long.toString(to))
                .redirectError(directory.resolve("err").toFile())
                .start();
        long at = from;
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(reader.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = next(lines, reader); line != null; line = next(lines, reader)) {
                String[] words = line.split(" ", 5);
                at = Long.parseLong(words[1]);
                if (words[0].equals("end")) {
                    note(at++, Long.parseLong(words[2]), Long.parseLong(words[3]), words[4]);
                }
            }
        } finally {
            reader.destroyForcibly().waitFor();
        }
        if (at < to) {
            wrong.add("file " + at + " ended the reader: "
                    + Files.readString(directory.resolve("err"))
                            .lines()
                            .limit(SHOWN)
                            .toList());
            return at + 1;
        }
        return at;
    }

    private static String next(BufferedReader lines, Process reader) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!lines.ready() && reader.isAlive()) {
            if (System.nanoTime() > deadline) {
                return null;
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
        return lines.readLine();
    }

    private void note(long number, long cpuMs, long peakKiB, String outcome) {
        mostCpuMs = Math.max(mostCpuMs, cpuMs);
        mostKiB = Math.max(mostKiB, peakKiB);
        outcomes.merge(outcome.replaceAll("[: ].*", ""), 1, Integer::sum);
        if (!outcome.equals("read") && !outcome.equals("refused")) {
            wrong.add("file " + number + ": " + outcome);
        } else if (cpuMs > MOST_CPU_MS || peakKiB > MOST_KIB) {
            wrong.add("file " + number + ": " + cpuMs + " ms of CPU, " + (peakKiB >> 10) + " MiB");
        } else {
            Tries.kept();
        }
    }
}
