package dev.tracetoll.problem;

/** There is no answer, because there was too little to go by: exit code {@value #EXIT_CODE}. */
public final class Inconclusive extends Problem {

    public static final int EXIT_CODE = 4;

    /** @param message what there is no answer to, why, and what to do about it */
    public Inconclusive(String message) {
        super(message, null);
    }

    @Override
    public int exitCode() {
        return EXIT_CODE;
    }
}
