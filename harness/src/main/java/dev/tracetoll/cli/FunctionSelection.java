package dev.tracetoll.cli;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.tracetoll.golang.Candidate;
import dev.tracetoll.golang.GoBinary;
import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.problem.BadInput;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * The functions of a program that regular expressions choose.
 *
 * @param functions those that can be traced, by name; at least one
 * @param refusals for each of the others one line that says why not
 */
record FunctionSelection(List<TracedFunction> functions, List<String> refusals) {

    /** Told how many functions have been prepared of how many. */
    interface Progress {
        void prepared(int done, int total);
    }

    /**
     * Compiles regular expressions in the syntax of RE2.
     *
     * @throws BadInput if one is wrong
     */
    static List<Pattern> compile(List<String> expressions) {
        List<Pattern> patterns = new ArrayList<>();
        for (String expression : expressions) {
            try {
                patterns.add(Pattern.compile(expression));
            } catch (PatternSyntaxException e) {
                throw new BadInput("--function '" + expression + "' is not a regular expression: " + e.getDescription() + " in '"
                        + e.getPattern() + "'; see https://github.com/google/re2/wiki/Syntax", e);
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
        TreeSet<String> names = new TreeSet<>();
        for (Pattern pattern : patterns) {
            List<String> found = binary.functionNames().stream().filter(name -> pattern.matcher(name).find()).toList();
            if (found.isEmpty()) {
                throw new BadInput("No function of " + binary.path() + " matches '" + pattern.pattern() + "'; the nearest are "
                        + String.join(", ", binary.nearest(literal(pattern))));
            }
            names.addAll(found);
        }
        List<TracedFunction> functions = new ArrayList<>();
        List<String> refusals = new ArrayList<>();
        int[] done = {0};
        List<Candidate> candidates = binary.matching(name -> {
            boolean chosen = names.contains(name);
            if (chosen) {
                progress.prepared(done[0]++, names.size());
            }
            return chosen;
        });
        for (Candidate candidate : candidates) {
            if (candidate instanceof Candidate.Traceable traceable) {
                functions.add(traceable.function());
            } else if (candidate instanceof Candidate.Untraceable untraceable) {
                refusals.add("Function " + untraceable.name() + " in " + binary.path() + " cannot be traced: " + untraceable.why());
            }
        }
        if (functions.isEmpty()) {
            throw new BadInput(refusals.get(0)
                    + (refusals.size() > 1 ? "; nor can any of the other " + (refusals.size() - 1) + " functions that match" : ""));
        }
        return new FunctionSelection(List.copyOf(functions), List.copyOf(refusals));
    }

    /** What is left of an expression without what has a meaning of its own. */
    private static String literal(Pattern pattern) {
        return pattern.pattern().replaceAll("[\\\\^$*+?|()\\[\\]{}]", "");
    }
}
