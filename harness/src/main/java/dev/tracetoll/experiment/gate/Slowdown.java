package dev.tracetoll.experiment.gate;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

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

    /** Their sizes, in per cent. */
    public static final List<Integer> PERCENTS = List.of(5, 10, 20, 50);

    /** Those that the gate is tried with. */
    public static final List<Slowdown> TRIED = of(PERCENTS);

    /** In each place those of some sizes. */
    public static List<Slowdown> of(List<Integer> percents) {
        return Stream.of(Place.values())
                .flatMap(place -> percents.stream().map(percent -> new Slowdown(place, percent)))
                .toList();
    }

    /** Name of the arm that has it in a recording. */
    public String arm() {
        return "slower-" + place.name().toLowerCase(Locale.ROOT) + "-" + percent;
    }
}
