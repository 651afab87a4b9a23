package dev.tracetoll.experiment.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A regression of a known size, made on purpose.
 *
 * @param place where it is
 * @param percent of the overhead of a traced call
 */
public record Slowdown(Place place, int percent) {

    /** Where the time is lost. */
    public enum Place {
        /** In the BPF program, before it reads what it records. */
        PROGRAM("in the BPF program"),
        /** In the traced function, between one hit and the next. */
        TARGET("in the target");

        private final String inWords;

        Place(String inWords) {
            this.inWords = inWords;
        }

        /** For people. */
        public String inWords() {
            return inWords;
        }
    }

    /** Those that the gate is tried with. */
    public static final List<Slowdown> TRIED = tried();

    private static List<Slowdown> tried() {
        List<Slowdown> all = new ArrayList<>();
        for (Place place : Place.values()) {
            for (int percent : List.of(5, 10, 20, 50)) {
                all.add(new Slowdown(place, percent));
            }
        }
        return List.copyOf(all);
    }

    /** Name of the arm that has it in a recording. */
    public String arm() {
        return "slower-" + place.name().toLowerCase(Locale.ROOT) + "-" + percent;
    }
}
