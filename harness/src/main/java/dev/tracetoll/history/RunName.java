package dev.tracetoll.history;

import dev.tracetoll.results.Run;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** What a run is called among others of its environment: when it was begun. */
final class RunName {

    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("uuuu-MM-dd", Locale.ROOT).withZone(ZoneOffset.UTC);

    private RunName() {}

    /** To the minute, UTC. */
    static String of(Run run) {
        return MINUTE.format(run.started());
    }

    /** To the day, UTC. */
    static String day(Run run) {
        return DAY.format(run.started());
    }
}
