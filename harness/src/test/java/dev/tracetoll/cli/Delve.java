package dev.tracetoll.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The version of Delve that Tracetoll is compared with. */
record Delve(Path command) {

    /** How a line begins that says that it could not show what its eBPF program saw. */
    static final String FAILED = "Error retrieving buffered tracepoints: ";

    /** It hangs now and then; then it is given up. */
    private static final long PATIENCE_SECONDS = 60;

    private static final Pattern EVENT = Pattern.compile("^(>>?) goroutine\\(\\d+\\): ");

    /**
     * What it said of one function.
     *
     * @param calls the arguments of each call, as printed
     * @param returns the results of each return, as printed
     * @param error the first error; empty if there was none
     */
    record Seen(List<String> calls, List<String> returns, String error) {}

    /** Traces one function of a program that is given one argument; the verbosity is Delve's, 0 to 4. */
    Seen trace(Path program, String function, boolean ebpf, int verbosity) throws IOException, InterruptedException {
        Path said = Files.createTempFile(program.getParent(), "dlv", ".txt");
        List<String> words = new ArrayList<>(List.of(
                command.toString(), "trace", "--verbose", Integer.toString(verbosity), "--exec", program.toString()));
        if (ebpf) {
            words.add("--ebpf");
        }
        words.addAll(List.of("^" + function.replaceAll("[.*()\\[\\]]", "\\\\$0") + "$", "--", "linger"));
        Process process = new ProcessBuilder(words)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(said.toFile())
                .start();
        boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList()
                .forEach(ProcessHandle::destroyForcibly);
        process.waitFor();
        return seen(function, Files.readAllLines(said), ended);
    }

    private static Seen seen(String function, List<String> lines, boolean ended) {
        List<String> calls = new ArrayList<>();
        List<String> returns = new ArrayList<>();
        String error = ended ? "" : "hangs";
        List<String> events = new ArrayList<>();
        for (String line : lines) {
            if (EVENT.matcher(line).find()) {
                events.add(line);
            } else if (line.startsWith("unable to set tracepoint")
                    || line.startsWith(FAILED)
                    || line.startsWith("no breakpoints set")) {
                error = error.isEmpty() ? line : error;
                events.add("");
            } else if (!line.startsWith("Process ") && !events.isEmpty()) {
                events.set(events.size() - 1, events.get(events.size() - 1) + " " + line.strip());
            }
        }
        for (String event : events) {
            Matcher start = EVENT.matcher(event);
            if (start.find()) {
                boolean call = start.group(1).equals(">");
                String values = event.substring(start.end())
                        .replaceFirst("^" + Pattern.quote(function) + (call ? "\\(" : " => \\("), "")
                        .strip()
                        .replaceFirst("\\)$", "")
                        .strip()
                        .replaceAll("\\s+", " ")
                        .replaceAll("0x[0-9a-f]+", "@");
                (call ? calls : returns).add(values);
            }
        }
        return new Seen(calls, returns, error);
    }
}
