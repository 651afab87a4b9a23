package dev.tracetoll.experiment.tune;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.tracing.ring.Arrivals;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * When the events of a recorded trace came, as {@code tracetoll trace --format json} writes them.
 *
 * @param events how many there are
 * @param ns from the first to the last
 * @param arrivals in bytes, each event as many
 */
public record RecordedTrace(long events, long ns, Arrivals arrivals) {

    private static final JsonFactory JSON = new JsonFactory();
    /** Ten minutes: more is more than a curve needs, and than fits into memory. */
    private static final int MOST_BINS = 10 * 60 * 15_259;

    /** A hundredth of a second. */
    private static final int SLACK_BINS = 153;

    /** Events a second. */
    public double rate() {
        return 1e9 * events / Math.max(ns, Arrivals.BIN_NS);
    }

    /**
     * Reads a trace.
     *
     * @param bytesOfEvent what an event takes of the ring
     * @throws BadInput if it cannot be read, is no such trace, or has no events
     */
    public static RecordedTrace read(Path file, int bytesOfEvent) {
        long[] bins = new long[1 << 10];
        long first = Long.MAX_VALUE;
        long base = Long.MAX_VALUE;
        long last = 0;
        long events = 0;
        int line = 0;
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            for (String text = reader.readLine(); text != null; text = reader.readLine()) {
                line++;
                long timestampNs = timestampNs(text, file, line);
                if (timestampNs == 0) {
                    continue;
                }
                if (events == 0) {
                    // Of several threads, one that comes later may have been written sooner.
                    base = (timestampNs >>> Arrivals.BIN_LOG2) - SLACK_BINS;
                }
                long bin = Math.max(0, (timestampNs >>> Arrivals.BIN_LOG2) - base);
                if (bin >= MOST_BINS) {
                    throw new BadInput("The trace " + file + " is longer than 10 minutes at line " + line
                            + ", more than is looked at; take a part of it");
                }
                if (bin >= bins.length) {
                    bins = Arrays.copyOf(bins, (int) Math.max(bin + 1, Math.min(MOST_BINS, 2L * bins.length)));
                }
                bins[(int) bin] += bytesOfEvent;
                first = Math.min(first, timestampNs);
                last = Math.max(last, timestampNs);
                events++;
            }
        } catch (IOException e) {
            throw new BadInput("The trace " + file + " cannot be read: " + e.getMessage(), e);
        }
        if (events == 0) {
            throw new BadInput(
                    "The trace " + file + " has no events; record one with trace --format json --output FILE");
        }
        int used = (int) ((last >>> Arrivals.BIN_LOG2) - base) + 1;
        return new RecordedTrace(events, last - first, Arrivals.of(Arrays.copyOf(bins, used)));
    }

    /** Of a call or a return; 0 of any other line. */
    private static long timestampNs(String text, Path file, int line) throws IOException {
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("no object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (name.equals("timestampNs")) {
                    return parser.getLongValue();
                }
                parser.skipChildren();
            }
            return 0;
        } catch (IOException e) {
            throw new BadInput(
                    "The trace " + file + " is none at line " + line
                            + ": it is not what trace --format json writes there; record it anew",
                    e);
        }
    }
}
