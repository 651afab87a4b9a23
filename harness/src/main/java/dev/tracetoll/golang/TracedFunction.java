package dev.tracetoll.golang;

import dev.tracetoll.x86.RegisterSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A function together with all that is needed to trace it.
 *
 * @param name the linker's symbol name; in a stripped program of Go 1.19 instances of a generic function share one
 * @param arguments those that are read, receiver first, in the order of the declaration
 * @param results those that are read, in the order of the declaration
 * @param entry where calls are seen
 * @param returns where returns are seen, one site for each way out; empty if the function never returns
 * @param signature whether arguments and results are those of the declaration or raw
 * @param returnsLeftOut whether it has returns that are not to be seen, so that nothing follows from a call's having none
 * @param anyR14 whether the register that Go keeps the current goroutine in need not have it where the function begins, or returns: it is written
 *         in assembly, or is called as assembly is
 * @param tailCalls whether the function may end by jumping to another one, which then returns in its place: such a call has no return
 * @param passedIn where arguments are at the entry, whether they are read or not
 * @param returnedIn where results are at the returns, whether they are read or not
 */
public record TracedFunction(
        String name,
        List<Variable> arguments,
        List<Variable> results,
        ProbeSite entry,
        List<ProbeSite> returns,
        boolean returnsLeftOut,
        Signature signature,
        boolean anyR14,
        boolean tailCalls,
        Set<Location> passedIn,
        Set<Location> returnedIn) {

    /** The type that says whether a call has failed. */
    public static final String ERROR = "error";

    private static final String BLANK = "_";

    public TracedFunction {
        arguments = List.copyOf(arguments);
        results = List.copyOf(results);
        returns = List.copyOf(returns);
        passedIn = Set.copyOf(passedIn);
        returnedIn = Set.copyOf(returnedIn);
    }

    /** One of which all arguments and results are read. */
    public TracedFunction(
            String name,
            List<Variable> arguments,
            List<Variable> results,
            ProbeSite entry,
            List<ProbeSite> returns,
            boolean returnsLeftOut,
            Signature signature,
            boolean anyR14,
            boolean tailCalls) {
        this(
                name,
                arguments,
                results,
                entry,
                returns,
                returnsLeftOut,
                signature,
                anyR14,
                tailCalls,
                locations(arguments),
                locations(results));
    }

    private static Set<Location> locations(List<Variable> variables) {
        return variables.stream()
                .flatMap(variable -> variable.parts().stream())
                .map(Part::location)
                .collect(Collectors.toSet());
    }

    /**
     * As Go declares it, but with the linker's name and the receiver first: {@code main.handle(n int, s string) (int, error)}. The name alone
     * where not all parameters and results are known.
     */
    public String declaration() {
        if (signature.kind() != Signature.Kind.KNOWN || !signature.whole()) {
            return name;
        }
        boolean named = results.stream().anyMatch(result -> !unnamed(result));
        String returned = results.stream()
                .map(result -> named
                        ? (unnamed(result) ? BLANK : result.name()) + " "
                                + result.type().name()
                        : result.type().name())
                .collect(Collectors.joining(", "));
        return arguments.stream()
                        .map(argument -> argument.name() + " " + argument.type().name())
                        .collect(Collectors.joining(", ", name + "(", ")"))
                + (results.isEmpty() ? "" : named || results.size() > 1 ? " (" + returned + ")" : " " + returned);
    }

    private static boolean unnamed(Variable result) {
        return result.name().startsWith("~");
    }

    /** The same function with its calls seen alone. */
    public TracedFunction withoutReturns() {
        return new TracedFunction(
                name, arguments, results, entry, List.of(), true, signature, anyR14, tailCalls, passedIn, returnedIn);
    }

    /** The results that say whether it failed: those of type {@code error}; none where the signature is not known. */
    public List<Variable> errors() {
        return results.stream()
                .filter(result -> result.type().name().equals(ERROR))
                .toList();
    }

    /** The same function with nothing to be read but, of each of its {@link #errors}, the word that is 0 for nil. */
    public TracedFunction withErrorsAlone() {
        List<Variable> words = errors().stream()
                .map(error -> new Variable(
                        error.name(),
                        new GoType.Basic(ERROR, GoType.BasicKind.UINT, Long.BYTES),
                        List.of(new Part(error.parts().get(0).location(), 0, Long.BYTES))))
                .toList();
        return new TracedFunction(
                name,
                List.of(),
                words,
                entry,
                returns,
                returnsLeftOut,
                signature,
                anyR14,
                tailCalls,
                passedIn,
                returnedIn);
    }

    /**
     * The arguments that the displaced instruction of the entry writes over, being in a floating-point register: who has to let the thread go on
     * before it can read those registers never sees them.
     */
    public List<Variable> overwrittenArguments() {
        RegisterSet written = entry.instruction().writes();
        return arguments.stream()
                .filter(argument -> argument.parts().stream()
                        .map(Part::location)
                        .anyMatch(location -> location instanceof Location.FloatRegister register
                                && written.hasVector(register.index())))
                .toList();
    }
}
