package dev.tracetoll.faults;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code docs/faults.md}. */
final class FaultsPage {

    private static final String INTRODUCTION = """
            # Faults, and what holds then

            What goes wrong around a tracer, what Tracetoll promises then, and how often that was tried and kept. Each row is a test that brings the fault
            about, against real processes and the real kernel; the page is made of what the tests said when they last ran for it (`sh docs/publish.sh
            faults`). Rows without a number under a backend are not about it, or about both alike.
            """;

    /** Kept of tried, and what was measured last. */
    private record Count(int tried, int kept, String measured) {
        Count plus(Count other) {
            return new Count(tried + other.tried, kept + other.kept, other.measured.isEmpty() ? measured : other.measured);
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
            chapters.computeIfAbsent(Promise.Chapter.valueOf(cells[0]), any -> new TreeMap<>(java.util.Comparator.comparing(Row::fault)
                            .thenComparing(Row::promise)))
                    .computeIfAbsent(new Row(cells[1], cells[2]), any -> new LinkedHashMap<>())
                    .merge(cells[3], new Count(Integer.parseInt(cells[4]), Integer.parseInt(cells[5]), cells[6]), Count::plus);
        }
    }

    String markdown() {
        StringBuilder page = new StringBuilder(INTRODUCTION);
        chapters.forEach((chapter, rows) -> {
            page.append("\n## ").append(chapter.title()).append("\n\n");
            page.append("| fault | promise | eBPF | ptrace | either |\n| --- | --- | --: | --: | --: |\n");
            rows.forEach((row, counts) -> page.append(line(row.fault, row.promise, counts)));
        });
        return page.toString();
    }

    private static String line(String fault, String promise, Map<String, Count> counts) {
        List<String> cells = new ArrayList<>(List.of(fault, promise));
        for (String backend : List.of("ebpf", "ptrace", "-")) {
            cells.add(counts.containsKey(backend) ? counts.get(backend).toString() : "");
        }
        return "| " + String.join(" | ", cells) + " |\n";
    }
}
