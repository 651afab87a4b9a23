package dev.tracetoll.golang;

/**
 * How much is known of a function's parameters and results.
 *
 * @param kind what the variables of a {@link TracedFunction} stand for
 * @param why why they are raw, in plain words; empty for {@link Kind#KNOWN}
 * @param whole whether nothing is passed or returned in registers that is not among the variables, but for what generic functions are given of their
 *         types: a word before all other arguments, or behind the receiver
 */
public record Signature(Kind kind, String why, boolean whole) {

    public Signature(Kind kind, String why) {
        this(kind, why, kind == Kind.KNOWN);
    }

    /** What the variables of a {@link TracedFunction} stand for. */
    public enum Kind {
        /** The parameters and results of the declaration. */
        KNOWN,
        /** The nine integer registers in which arguments and results may be, named {@code RAX} and so on. */
        REGISTERS,
        /** The words above the return address, arguments and then results, named {@code stack+0} and so on. */
        STACK
    }

    static final Signature OF_DECLARATION = new Signature(Kind.KNOWN, "");

    /** Something is passed besides that the debugging information does not tell of. */
    static final Signature OF_DECLARATION_WITH_GAPS = new Signature(Kind.KNOWN, "", false);
}
