package dev.tracetoll.cli;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.tracetoll.golang.Candidate;
import dev.tracetoll.golang.GoBinary;
import dev.tracetoll.golang.Signature;
import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.tracing.plan.SiteClass;
import dev.tracetoll.tracing.plan.SitePricing;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The functions of a program that regular expressions choose.
 *
 * @param functions those that can be traced; at least one
 * @param refusals for each of the others one line that says why not
 * @param remarks lines that say what is not seen, or not known, of those that are traced
 */
record FunctionSelection(List<TracedFunction> functions, List<String> refusals, List<String> remarks) {

    /** Told how many functions of the program have been seen to, of how many. */
    interface Progress {
        void prepared(int done, int total);
    }

    /**
     * Compiles regular expressions in the syntax of RE2.
     *
     * @throws BadInput if one is wrong, or empty
     */
    static List<Pattern> compile(List<String> expressions) {
        List<Pattern> patterns = new ArrayList<>();
        for (String expression : expressions) {
            if (expression.isEmpty()) {
                throw new BadInput(
                        "--function '' is found in every name; name a function, or give . to trace all that can be traced");
            }
            try {
                patterns.add(Pattern.compile(expression));
            } catch (PatternSyntaxException e) {
                throw new BadInput(
                        "--function '" + expression + "' is not a regular expression: " + e.getDescription() + " in '"
                                + e.getPattern() + "'; see https://github.com/google/re2/wiki/Syntax",
                        e);
            }
        }
        return patterns;
    }

    /**
     * Prepares every function whose name any of the patterns is found in.
     *
     * @throws BadInput if a pattern is found in no name, or no function can be traced
     */
    static FunctionSelection of(GoBinary binary, List<Pattern> patterns, Progress progress) {
        BitSet found = new BitSet();
        int total = binary.functionNames().size();
        int[] done = {0};
        // Every name, also of functions that exist only inlined: those cannot be traced, and that is what the user has
        // to be told.
        List<Candidate> candidates = binary.matching(name -> {
            progress.prepared(Math.min(done[0]++, total), total);
            boolean chosen = false;
            for (int i = 0; i < patterns.size(); i++) {
                if (patterns.get(i).matcher(name).find()) {
                    found.set(i);
                    chosen = true;
                }
            }
            return chosen;
        });
        int missing = found.nextClearBit(0);
        if (missing < patterns.size()) {
            throw new BadInput("No function of " + binary.path() + " matches '"
                    + patterns.get(missing).pattern() + "'; the nearest are "
                    + String.join(", ", binary.nearest(literal(patterns.get(missing)))));
        }
        List<TracedFunction> functions = new ArrayList<>();
        List<String> refusals = new ArrayList<>();
        for (Candidate candidate : candidates) {
            if (candidate instanceof Candidate.Traceable traceable) {
                functions.add(traceable.function());
            } else if (candidate instanceof Candidate.Untraceable untraceable) {
                refusals.add("Function " + untraceable.name() + " in " + binary.path() + " cannot be traced: "
                        + untraceable.why());
            }
        }
        if (functions.isEmpty()) {
            throw new BadInput(refusals.get(0)
                    + (refusals.size() > 1
                            ? "; nor can any of the other " + (refusals.size() - 1) + " functions that match"
                            : ""));
        }
        return new FunctionSelection(List.copyOf(functions), List.copyOf(refusals), remarks(binary, functions));
    }

    /** The same functions with the returns left out of those that have a return site that the kernel steps over; the remarks say which. */
    FunctionSelection withCheapReturns(SitePricing pricing) {
        List<String> said = new ArrayList<>(remarks);
        List<TracedFunction> chosen = new ArrayList<>();
        for (TracedFunction function : functions) {
            boolean dear = function.returns().stream()
                    .anyMatch(site -> pricing.classOf(site.instruction()) == SiteClass.STEPPED);
            chosen.add(dear ? function.withoutReturns() : function);
            if (dear) {
                said.add(function.name()
                        + " returns by an instruction that the kernel steps over; its returns are not shown");
            }
        }
        return new FunctionSelection(List.copyOf(chosen), refusals, List.copyOf(said));
    }

    /** The same functions; the remarks also say what of their arguments cannot be read under eBPF at any call. */
    FunctionSelection underEbpf() {
        List<String> said = new ArrayList<>(remarks);
        for (TracedFunction function : functions) {
            function.overwrittenArguments()
                    .forEach(argument -> said.add("Argument " + argument.name() + " of " + function.name()
                            + " cannot be read under eBPF: "
                            + function.entry().instruction().text()
                            + ", the instruction under the probe, changes its register before; "
                            + "--backend ptrace shows it"));
        }
        return new FunctionSelection(functions, refusals, List.copyOf(said));
    }

    /** The same functions, of whose values nothing is read but whether they are errors. */
    FunctionSelection forTotals() {
        return new FunctionSelection(
                functions.stream().map(TracedFunction::withErrorsAlone).toList(), refusals, remarks);
    }

    private static List<String> remarks(GoBinary binary, List<TracedFunction> functions) {
        Map<Signature, Integer> raw = new LinkedHashMap<>();
        functions.stream()
                .map(TracedFunction::signature)
                .filter(signature -> signature.kind() != Signature.Kind.KNOWN)
                .forEach(signature -> raw.merge(signature, 1, Integer::sum));
        List<String> remarks = new ArrayList<>();
        raw.forEach((signature, count) -> remarks.add(signature.why() + ": arguments and results of " + count
                + (count == 1 ? " function" : " functions") + " are raw "
                + (signature.kind() == Signature.Kind.REGISTERS ? "registers" : "words of the stack")));
        functions.stream()
                .map(TracedFunction::name)
                .distinct()
                .map(binary::inlined)
                .filter(inlining -> inlining.places() > 0)
                .forEach(inlining -> remarks.add(
                        inlining.function() + " is also inlined, " + inlining.where() + "; those calls are not seen"));
        if (binary.loadsPlugins()) {
            remarks.add("the program can load plugins; calls of their functions are not seen");
        }
        return List.copyOf(remarks);
    }

    /** What is left of an expression without what has a meaning of its own. */
    private static String literal(Pattern pattern) {
        return pattern.pattern().replaceAll("[\\\\^$*+?|()\\[\\]{}]", "");
    }
}
