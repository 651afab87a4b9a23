package dev.tracetoll.faults;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that brings a fault about and holds Tracetoll to what it promises then: a row of {@code docs/faults.md}. Which backend a test is about shows
 * in its arguments, or in {@link #backend}; what it does more than once it tells {@link Tries}.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Tag("promise")
@ExtendWith(PromiseRecord.class)
public @interface Promise {

    /** Parts of the page. */
    enum Chapter {
        ENDS("When tracing begins and ends"),
        TRACER("When the tracer dies"),
        PROGRAM("What the program may notice"),
        OUTPUT("When the trace cannot be written"),
        FILE("Which file is traced"),
        SURROUNDINGS("Hostile surroundings");

        private final String title;

        Chapter(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    Chapter chapter();

    /** What happens, as part of a sentence that begins with "When" or "Where" or as a noun. */
    String fault();

    /** What holds then. */
    String promise();

    /** Of which backend it is a test, {@code ebpf} for one; empty for one whose arguments say it, or that is about neither. */
    String backend() default "";
}
