package dev.tracetoll.tracing;

import dev.tracetoll.golang.GoType;
import dev.tracetoll.golang.Location;
import dev.tracetoll.golang.Part;
import dev.tracetoll.golang.ProbeSite;
import dev.tracetoll.golang.SiteKind;
import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.golang.Variable;
import java.util.ArrayList;
import java.util.List;

/**
 * What to capture at one probe site, the same for every technique.
 *
 * <p>A hit captures one 8-byte word for each {@link Part} of each variable that can be decoded, in order, then the bytes of each string.
 */
public final class SitePlan {

    /** A string to follow: the words that hold its pointer and its length. */
    public record Text(int pointerWord, int lengthWord) {}

    private final TracedFunction function;
    private final ProbeSite site;
    private final List<Variable> variables;
    private final List<Part> words = new ArrayList<>();
    private final List<Text> texts = new ArrayList<>();

    private SitePlan(TracedFunction function, ProbeSite site) {
        this.function = function;
        this.site = site;
        this.variables = site.kind() == SiteKind.ENTRY ? function.arguments() : function.results();
        for (Variable variable : variables) {
            if (!ValueDecoder.decodes(variable.type())) {
                continue;
            }
            if (variable.type() instanceof GoType.Text) {
                texts.add(new Text(words.size(), words.size() + 1));
            }
            words.addAll(variable.parts());
        }
    }

    /** The plans of every site of a request: of each function the entry, then, if returns are wanted, the returns. */
    public static List<SitePlan> of(TraceRequest request) {
        List<SitePlan> plans = new ArrayList<>();
        for (TracedFunction function : request.functions()) {
            plans.add(new SitePlan(function, function.entry()));
            if (request.returns()) {
                function.returns().forEach(site -> plans.add(new SitePlan(function, site)));
            }
        }
        return plans;
    }

    public TracedFunction function() {
        return function;
    }

    public ProbeSite site() {
        return site;
    }

    /** Arguments at an entry, results at a return. */
    public List<Variable> variables() {
        return variables;
    }

    /** Where each word of a hit comes from; a word on the stack may be narrower or wider than 8 bytes, see {@link Part#size()}. */
    public List<Part> words() {
        return words;
    }

    /** The strings whose bytes are captured after the words. */
    public List<Text> texts() {
        return texts;
    }

    /** Whether any word comes from a floating-point register. */
    public boolean readsFloatRegisters() {
        return words.stream().anyMatch(part -> part.location() instanceof Location.FloatRegister);
    }
}
