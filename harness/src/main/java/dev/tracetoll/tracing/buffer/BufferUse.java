package dev.tracetoll.tracing.buffer;

import java.time.Duration;
import org.HdrHistogram.Histogram;

/**
 * What became of the records of a session.
 *
 * @param seen records that were read
 * @param lost records that found no room
 * @param losses runs of lost records, one behind the other
 * @param longestLoss the longest of them, in records
 * @param mostUnread the most bytes that waited at a time, as the programs saw it; 0 of other buffers than our own ring
 * @param bytesNeeded a size with which nothing would have been lost
 * @param latencyNs from each record's time to its reading, in ns
 * @param longestWaitsNs of each {@linkplain #BLOCK time of equal length} the longest that the oldest record waited for the reader to look,
 *     in ns; of a reader that only some records wake the oldest of those
 * @param mostUnreadOfTimes of each of these times the most that the reader found unread, in bytes
 * @param readerCpuNs CPU time of the reader
 * @param longestPauseNs the longest time from the end of one look to the beginning of the next
 * @param drainedBytes what was taken away
 * @param drainingNs in how much time
 */
public record BufferUse(
        long seen,
        long lost,
        long losses,
        long longestLoss,
        long mostUnread,
        long bytesNeeded,
        Histogram latencyNs,
        long[] longestWaitsNs,
        long[] mostUnreadOfTimes,
        long readerCpuNs,
        long longestPauseNs,
        long drainedBytes,
        long drainingNs) {

    /** The length of the times that the largest values are of. */
    public static final Duration BLOCK = Duration.ofMillis(20);

    /** What the reader takes away of a buffer that is never empty, in bytes a nanosecond. */
    public double bytesPerNs() {
        return (double) drainedBytes / drainingNs;
    }
}
