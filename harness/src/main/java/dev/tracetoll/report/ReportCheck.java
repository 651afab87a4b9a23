package dev.tracetoll.report;

import dev.tracetoll.problem.BadInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Whether a report follows from the results that lie in it: everything is made anew and compared, byte by byte.
 *
 * @param report its directory
 * @param results how many results it is made of
 * @param figures how many figures it has
 * @param different what is not as it would be made
 */
public record ReportCheck(Path report, int results, long figures, List<String> different) {

    /** Pictures depend on the fonts of the machine that made them, and so does the page that has them. */
    private static final List<String> PICTURES = List.of(".png", ".svg", ReportWriter.PAGE);

    /**
     * Checks a report.
     *
     * @param report its directory
     * @param chapters reads results
     * @throws BadInput if it is no report, or its results cannot be read
     */
    public static ReportCheck of(Path report, Function<List<Path>, List<Chapter>> chapters) {
        List<Path> results = new ArrayList<>();
        try (Stream<Path> all = Files.list(report.resolve(ReportWriter.RESULTS))) {
            if (Files.readString(report.resolve(ReportWriter.PAGE), StandardCharsets.UTF_8)
                    .contains(ReportWriter.MADE_BY)) {
                all.filter(Files::isDirectory).sorted().forEach(results::add);
            }
        } catch (IOException e) {
            throw new BadInput(
                    "cannot verify " + report + ": there are no results in it; name the directory of a report", e);
        }
        if (results.isEmpty()) {
            throw new BadInput(
                    "cannot verify " + report + ": there are no results in it; name the directory of a report");
        }
        List<Chapter> made = chapters.apply(results);
        Map<String, byte[]> files = ReportWriter.files(made);
        List<String> different = new ArrayList<>();
        files.forEach((name, content) -> {
            try {
                if (!Arrays.equals(Files.readAllBytes(report.resolve(name)), content)) {
                    different.add(name);
                }
            } catch (IOException e) {
                different.add(name);
            }
        });
        long figures = new String(files.get(ReportWriter.DATA), StandardCharsets.UTF_8)
                        .lines()
                        .count()
                - 1;
        return new ReportCheck(report, results.size(), figures, List.copyOf(different));
    }

    /** Whether all of it is as it would be made. */
    public boolean holds() {
        return different.isEmpty();
    }

    /** What was found, in a line. */
    public String inWords() {
        String made = report + ": ";
        if (holds()) {
            return made + "all of it, " + HumanUnits.count((double) figures) + " figures among it, follows from the "
                    + (results == 1 ? "results" : results + " results") + " in it";
        }
        boolean drawn = different.stream().allMatch(name -> PICTURES.stream().anyMatch(name::endsWith));
        return made + "made anew from the results in it, " + String.join(", ", different)
                + (different.size() == 1 ? " comes out different" : " come out different")
                + (drawn ? "; figures and tables are as they were, pictures depend on this machine's fonts" : "");
    }
}
