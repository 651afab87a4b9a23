package dev.tracetoll.results;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.OperationFailed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Stores runs as {@code <directory>/<run>/results.json}, whole or not at all, and loads them. */
public final class ResultStore {

    /** Name of the file that holds a run. */
    public static final String RESULTS_FILE = "results.json";

    /** Name of the file with JMH's own results, beside {@value #RESULTS_FILE}. */
    public static final String JMH_FILE = "jmh.json";

    private static final DateTimeFormatter RUN_TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH-mm-ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String RUN_LABEL = "[a-z0-9][a-z0-9.-]*";
    /** Far more than any run has, and little enough to be held in memory. */
    private static final int MOST_BYTES = 64 << 20;

    private static final ObjectMapper MAPPER = mapper();

    private final Path directory;

    /** @param directory where runs are kept, as {@code results}; made when the first run is saved */
    public ResultStore(Path directory) {
        this.directory = directory;
    }

    /**
     * Finds out whether runs can be saved here, before there is one. Leaves nothing.
     *
     * @throws dev.tracetoll.problem.Problem if they cannot, as {@link WholeDirectory#requireWritable} says
     */
    public void requireWritable() {
        new WholeDirectory(directory).requireWritable();
    }

    /**
     * Saves a run, with the warnings that its own figures call for added.
     *
     * @param run what was measured
     * @param label what the run is about, as {@code headline}; the directory is named by start time and label
     * @param beside further files, by name, as {@value #JMH_FILE}
     * @return the directory of the run
     * @throws OperationFailed if it cannot be written; nothing stays behind then
     */
    public Path save(Run run, String label, Map<String, byte[]> beside) {
        if (!label.matches(RUN_LABEL)) {
            throw new BadInput(
                    "cannot name a run \"" + label + "\": a label has lower-case letters, digits, dots and hyphens");
        }
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put(RESULTS_FILE, toJson(checked(run)));
        files.putAll(beside);
        return new WholeDirectory(directory).write(RUN_TIME.format(run.started()) + "-" + label, files);
    }

    /**
     * Saves results of another form than a run, or besides one.
     *
     * @param started when it was begun to measure
     * @param label what they are about; the directory is named by start time and label
     * @param documents what to write as JSON, by the name of the file
     * @return the directory
     * @throws OperationFailed if it cannot be written; nothing stays behind then
     */
    public Path save(Instant started, String label, Map<String, Object> documents) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        documents.forEach((name, document) -> files.put(name, json(document)));
        return new WholeDirectory(directory).write(RUN_TIME.format(started) + "-" + label, files);
    }

    /**
     * Loads what is stored in a file.
     *
     * @param type what it has
     * @param newestSchema the newest version of that which can be read
     * @throws BadInput if there is no such file, or it is not whole and of a known schema
     */
    public static <T> T load(Path file, Class<T> type, int newestSchema) {
        return read(file, read(file), type, newestSchema);
    }

    /**
     * Loads a run, with the warnings that its own figures call for added.
     *
     * @param path a {@value #RESULTS_FILE} or the directory of a run
     * @throws BadInput if there is no such file, or it is not a whole run of a known schema
     */
    public static Run load(Path path) {
        return loadWithFiles(path).run();
    }

    /**
     * Loads a run, with the warnings that its own figures call for added, and the files that hold it.
     *
     * @param path a {@value #RESULTS_FILE} or the directory of a run
     * @throws BadInput if there is no such file, or it is not a whole run of a known schema
     */
    public static StoredRun loadWithFiles(Path path) {
        Path file = resultsFile(path);
        Map<String, byte[]> files = new LinkedHashMap<>();
        byte[] json = read(file);
        files.put(RESULTS_FILE, json);
        Path jmh = file.resolveSibling(JMH_FILE);
        if (Files.exists(jmh)) {
            files.put(JMH_FILE, read(jmh));
        }
        return new StoredRun(checked(read(file, json, Run.class, Run.SCHEMA_VERSION)), files);
    }

    private static <T> T read(Path file, byte[] json, Class<T> type, int newestSchema) {
        JsonNode root = parse(file, json);
        requireKnownSchema(file, root, newestSchema);
        try {
            return MAPPER.treeToValue(root, type);
        } catch (JsonProcessingException e) {
            throw new BadInput(
                    "cannot read results " + file + ": " + JsonFault.inWords(e) + "; measure again or restore the file",
                    e);
        }
    }

    /**
     * The file of a run.
     *
     * @param path a {@value #RESULTS_FILE} or the directory of a run
     */
    public static Path resultsFile(Path path) {
        return Files.isDirectory(path) ? path.resolve(RESULTS_FILE) : path;
    }

    /**
     * A stored file as it is.
     *
     * @throws BadInput if it cannot be read
     */
    public static byte[] bytes(Path file) {
        return read(file);
    }

    /** A run with the warnings that its own figures call for. */
    public static Run checked(Run run) {
        return run.warned(RunCheck.warnings(run));
    }

    /** The text of {@value #RESULTS_FILE}. */
    static byte[] toJson(Run run) {
        return json(run);
    }

    private static byte[] json(Object value) {
        try {
            return (MAPPER.writer(printer()).writeValueAsString(value) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("every run and every trial can be written as JSON", e);
        }
    }

    private static byte[] read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] json = in.readNBytes(MOST_BYTES + 1);
            if (json.length > MOST_BYTES) {
                throw new BadInput("cannot read results " + file + ": it has more than " + (MOST_BYTES >> 20)
                        + " MiB, and no run has as much; name a " + RESULTS_FILE);
            }
            return json;
        } catch (NoSuchFileException e) {
            throw new BadInput(
                    "cannot read results " + file + ": no such file; name a " + RESULTS_FILE
                            + " or the directory of a run",
                    e);
        } catch (IOException e) {
            throw new BadInput(
                    "cannot read results " + file + ": " + WholeDirectory.reason(e)
                            + "; check the path and its permissions",
                    e);
        }
    }

    private static JsonNode parse(Path file, byte[] json) {
        try {
            JsonNode root = MAPPER.readTree(json);
            if (root.isMissingNode()) {
                throw new BadInput(
                        "cannot read results " + file + ": the file is empty; measure again or restore the file");
            }
            if (!root.isObject()) {
                throw new BadInput("cannot read results " + file + ": it is no JSON object; name a " + RESULTS_FILE);
            }
            return root;
        } catch (StreamConstraintsException e) {
            throw new BadInput(
                    "cannot read results " + file + ": no run is nested as deep or has numbers and texts as long"
                            + JsonFault.position(e) + "; name a " + RESULTS_FILE,
                    e);
        } catch (IOException e) {
            throw new BadInput(
                    "cannot read results " + file + ": not whole JSON" + JsonFault.position(e)
                            + "; measure again or restore the file",
                    e);
        }
    }

    private static void requireKnownSchema(Path file, JsonNode root, int newest) {
        JsonNode version = root.path("schemaVersion");
        if (!version.isInt()) {
            throw new BadInput("cannot read results " + file + ": it has no \"schemaVersion\"; name a " + RESULTS_FILE);
        }
        if (version.intValue() > newest) {
            throw new BadInput("cannot read results " + file + ": it has schema version " + version.intValue()
                    + ", and this Tracetoll reads up to " + newest + "; use a newer Tracetoll");
        }
        if (version.intValue() < 1) {
            throw new BadInput("cannot read results " + file + ": there is no schema version " + version.intValue()
                    + "; measure again or restore the file");
        }
    }

    /** One field a line, but the durations of an arm on one; the same line ends everywhere. */
    private static DefaultPrettyPrinter printer() {
        return new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
    }

    private static ObjectMapper mapper() {
        SimpleModule instants = new SimpleModule()
                .addSerializer(Instant.class, ToStringSerializer.instance)
                .addDeserializer(Instant.class, new InstantDeserializer());
        return JsonMapper.builder()
                .addModule(instants)
                .enable(
                        DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
    }

    private static final class InstantDeserializer extends JsonDeserializer<Instant> {

        @Override
        public Instant deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            try {
                return Instant.parse(parser.getText());
            } catch (DateTimeException e) {
                throw JsonMappingException.from(parser, "\"" + parser.getText() + "\" is no time", e);
            }
        }
    }
}
