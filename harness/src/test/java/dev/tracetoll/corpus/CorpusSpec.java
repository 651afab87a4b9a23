package dev.tracetoll.corpus;

/**
 * What corpus to make.
 *
 * @param seed the same seed makes the same program with the same values; addresses aside
 * @param functions how many functions there are
 * @param callsEach how often each is called, by each goroutine
 * @param goroutines 0 for one goroutine and calls in the order of the truth; else functions have a parameter {@code call}, its number
 * @param types which types the parameters and results have
 * @param maxBytes what a tracer of it is to be given as {@code --max-bytes}
 * @param depth what a tracer of it is to be given as {@code --depth}
 */
record CorpusSpec(long seed, int functions, int callsEach, int goroutines, Types types, int maxBytes, int depth) {

    enum Types {
        /** Booleans, integers, floats and strings alone. */
        SCALARS,
        ALL
    }
}
