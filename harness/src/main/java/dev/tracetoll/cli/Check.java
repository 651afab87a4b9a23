package dev.tracetoll.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tracetoll.linux.kernel.Feature;

/**
 * One line of the doctor.
 *
 * @param status the verdict
 * @param what what was looked at
 * @param detail what was found
 * @param remedy what to do about it; empty where nothing needs doing
 */
record Check(
        Status status,
        String what,
        String detail,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) String remedy) {

    /** The verdicts of a check, as they are printed. */
    enum Status {
        ok,
        no,
        warn
    }

    static Check ok(String what, String detail) {
        return new Check(Status.ok, what, detail, "");
    }

    static Check warn(String what, String detail, String remedy) {
        return new Check(Status.warn, what, detail, remedy);
    }

    static Check no(String what, String detail, String remedy) {
        return new Check(Status.no, what, detail, remedy);
    }

    /** Of something Tracetoll cannot do without. */
    static Check needed(Feature feature) {
        return feature.available()
                ? ok(feature.name(), feature.detail())
                : no(feature.name(), feature.detail(), feature.remedy());
    }

    /** Of something Tracetoll only does better with. */
    static Check useful(Feature feature) {
        return feature.available()
                ? ok(feature.name(), feature.detail())
                : warn(feature.name(), feature.detail(), feature.remedy());
    }
}
