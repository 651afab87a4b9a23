package dev.tracetoll.golang;

/** A function that was asked for by name. */
public sealed interface Candidate {

    /** The linker's symbol name. */
    String name();

    /** One that can be traced. */
    record Traceable(TracedFunction function) implements Candidate {
        @Override
        public String name() {
            return function.name();
        }
    }

    /** One that cannot; {@code why} speaks of it as "it", for example "it has no code". */
    record Untraceable(String name, String why) implements Candidate {}
}
