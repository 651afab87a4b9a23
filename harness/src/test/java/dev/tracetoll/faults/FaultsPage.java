package dev.tracetoll.faults;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** {@code docs/faults.md}. */
final class FaultsPage {

    private static final String INTRODUCTION = """
            # Faults, and what holds then

            What goes wrong around a tracer, what Tracetoll promises then, and how often that was tried and kept. Each row is a test that brings the fault
            about, against real processes and the real kernel. How often it was tried is what the test said when it last ran for this page; what is
            tried once is something that either works or does not, what depends on the moment is tried at many. `patched` is `ebpf-patched`. Rows without
            a number under a backend are not about it, or about all alike. `sh docs/publish.sh faults` tries everything again, which takes hours, `sh docs/publish.sh faults
            TracerKilledIT` what one test is about; the page is made of [faults.tsv](faults.tsv).
            """;

    /** Kept of tried, and what was measured last. */
    private record Count(int tried, int kept, String measured) {
        static Count of(String[] cells) {
            return new Count(Integer.parseInt(cells[4]), Integer.parseInt(cells[5]), cells[6]);
        }

        Count plus(Count other) {
            return new Count(
                    tried + other.tried, kept + other.kept, other.measured.isEmpty() ? measured : other.measured);
        }

        @Override
        public String toString() {
            return kept + " of " + tried + (measured.isEmpty() ? "" : ", " + measured);
        }
    }

    private record Row(String fault, String promise) {}

    private final Map<Promise.Chapter, Map<Row, Map<String, Count>>> chapters = new TreeMap<>();

    /** @param lines as {@link PromiseRecord#FILE} has them */
    FaultsPage(List<String> lines) {
        for (String line : lines) {
            String[] cells = line.split("\t", -1);
            row(cells).merge(cells[3], Count.of(cells), Count::plus);
        }
    }

    private Map<String, Count> row(String[] cells) {
        return chapters.computeIfAbsent(
                        Promise.Chapter.valueOf(cells[0]),
                        any -> new TreeMap<>(Comparator.comparing(Row::fault).thenComparing(Row::promise)))
                .computeIfAbsent(new Row(cells[1], cells[2]), any -> new TreeMap<>());
    }

    /** Adds what was tried before: what was not tried again, and is still promised. */
    void addEarlier(List<String> lines, Set<String> promises) {
        for (String line : lines) {
            String[] cells = line.split("\t", -1);
            if (promises.contains(words(new Row(cells[1], cells[2])))) {
                row(cells).putIfAbsent(cells[3], Count.of(cells));
            }
        }
    }

    private static String words(Row row) {
        return words(row.fault, row.promise);
    }

    /** A row in words. */
    static String words(String fault, String promise) {
        return fault + ": " + promise;
    }

    /** What the page is made of: as {@link PromiseRecord#FILE} has it, a line for each number. */
    List<String> record() {
        List<String> lines = new ArrayList<>();
        chapters.forEach((chapter, rows) ->
                rows.forEach((row, counts) -> counts.forEach((backend, count) -> lines.add(String.join(
                        "\t",
                        chapter.name(),
                        row.fault,
                        row.promise,
                        backend,
                        Integer.toString(count.tried),
                        Integer.toString(count.kept),
                        count.measured)))));
        return lines;
    }

    String markdown() {
        StringBuilder page = new StringBuilder(INTRODUCTION);
        chapters.forEach((chapter, rows) -> {
            page.append("\n## ").append(chapter.title()).append("\n\n");
            page.append(
                    "| fault | promise | eBPF | patched | inline | ptrace | any |\n| --- | --- | --: | --: | --: | --: | --: |\n");
            rows.forEach((row, counts) -> page.append(line(row.fault, row.promise, counts)));
        });
        return page.toString();
    }

    private static String line(String fault, String promise, Map<String, Count> counts) {
        List<String> cells = new ArrayList<>(List.of(fault, promise));
        for (String backend : List.of("ebpf", "ebpf-patched", "inline", "ptrace", "-")) {
            cells.add(counts.containsKey(backend) ? counts.get(backend).toString() : "");
        }
        return "| " + String.join(" | ", cells) + " |\n";
    }
}
