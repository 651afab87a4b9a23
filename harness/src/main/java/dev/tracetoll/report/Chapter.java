package dev.tracetoll.report;

import dev.tracetoll.results.Run;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Results in a report. What is shown of them is made when it is asked for: of many results of one kind, that is done for the newest only. */
public final class Chapter {

    /** Of what lies in the root, nothing is known but that it is a run. */
    private static final String NAMELESS = "run";

    private final String name;
    private final String section;
    private final Provenance provenance;
    private final Supplier<Exhibit> exhibits;
    private final Map<String, byte[]> files;
    private final @Nullable Run run;
    private @Nullable Exhibit exhibit;

    /**
     * Results that are no run.
     *
     * @param name of the directory that they were stored in
     * @param section name of the exhibit
     * @param provenance how they came about
     * @param exhibits makes what is shown of them
     * @param files the results themselves, by name
     */
    public Chapter(
            String name, String section, Provenance provenance, Supplier<Exhibit> exhibits, Map<String, byte[]> files) {
        this(name, section, provenance, exhibits, files, null);
    }

    private Chapter(
            String name,
            String section,
            Provenance provenance,
            Supplier<Exhibit> exhibits,
            Map<String, byte[]> files,
            @Nullable Run run) {
        this.name = name;
        this.section = section;
        this.provenance = provenance;
        this.exhibits = exhibits;
        this.files = Map.copyOf(files);
        this.run = run;
    }

    /** The same, with the run that they are, which can be compared with others. */
    public Chapter of(Run itself) {
        return new Chapter(name, section, provenance, exhibits, files, itself);
    }

    /** The same under another name. */
    Chapter named(String other) {
        return new Chapter(other, section, provenance, exhibits, files, run);
    }

    /** The name of the directory that a file of results lies in. */
    public static String nameOf(Path file) {
        Path directory = file.toAbsolutePath().normalize().getParent();
        Path name = directory == null ? null : directory.getFileName();
        return name == null ? NAMELESS : name.toString();
    }

    /** Name of the directory that they were stored in. */
    public String name() {
        return name;
    }

    /** In a word what they are of, as {@code ladder}: the address of their section on the page. */
    public String section() {
        return section;
    }

    /** How they came about. */
    public Provenance provenance() {
        return provenance;
    }

    /** What is shown of them. */
    public Exhibit exhibit() {
        if (exhibit == null) {
            exhibit = exhibits.get();
        }
        return exhibit;
    }

    /** The results themselves, by name. */
    public Map<String, byte[]> files() {
        return files;
    }

    /** The run that they are; empty if they are something else. */
    Optional<Run> run() {
        return Optional.ofNullable(run);
    }
}
