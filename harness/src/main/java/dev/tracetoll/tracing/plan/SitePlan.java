package dev.tracetoll.tracing.plan;

import dev.tracetoll.golang.GoType;
import dev.tracetoll.golang.Location;
import dev.tracetoll.golang.Part;
import dev.tracetoll.golang.ProbeSite;
import dev.tracetoll.golang.SiteKind;
import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.golang.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What to capture at one probe site: its variables, laid out one behind the other as the first block of a record. */
public final class SitePlan {

    /**
     * A part of a variable.
     *
     * @param part where it is in the thread
     * @param offset where it goes in the block
     */
    public record Piece(Part part, int offset) {}

    /** What a hit means. */
    public enum Meaning {
        CALL,
        RETURN,
        /** The goroutine has begun to panic. */
        PANIC,
        /** The goroutine has begun to end itself. */
        GOEXIT
    }

    /** Of integers. Source: Go's {@code src/cmd/compile/abi-internal.md}. */
    private static final int ARGUMENT_REGISTERS = 9;

    private final List<Meaning> meanings = new ArrayList<>();
    private final @Nullable TracedFunction function;
    private final ProbeSite site;
    private final SiteClass siteClass;
    private final List<Variable> variables;
    private final List<Integer> offsets = new ArrayList<>();
    private final List<Piece> pieces = new ArrayList<>();
    private final GoType.Struct layout;
    private final int floatRegisters;
    private int type;

    /** A site of a function that is traced. */
    SitePlan(TracedFunction function, ProbeSite site, SitePricing pricing) {
        this(
                function,
                site,
                pricing,
                site.kind() == SiteKind.ENTRY ? Meaning.CALL : Meaning.RETURN,
                site.kind() == SiteKind.ENTRY ? function.arguments() : function.results());
    }

    /** A site in the runtime that says why calls will not return. */
    SitePlan(ProbeSite site, SitePricing pricing, Meaning meaning) {
        this(null, site, pricing, meaning, List.of());
    }

    private SitePlan(
            @Nullable TracedFunction function,
            ProbeSite site,
            SitePricing pricing,
            Meaning meaning,
            List<Variable> variables) {
        meanings.add(meaning);
        this.function = function;
        this.site = site;
        siteClass = pricing.classOf(site.instruction());
        this.variables = variables;
        List<GoType.Field> fields = new ArrayList<>();
        int end = 0;
        for (Variable variable : variables) {
            int start = end;
            int size = CaptureLimits.padded(variable.type().size());
            boolean fits = start + size <= CaptureLimits.MAX_BLOCK_BYTES
                    && pieces.size() + variable.parts().size() <= CaptureLimits.MAX_PARTS;
            offsets.add(fits ? start : -1);
            if (fits) {
                variable.parts().forEach(part -> pieces.add(new Piece(part, start + part.offset())));
                // A blank field would be passed over; a blank parameter is shown.
                fields.add(new GoType.Field(
                        variable.name().equals("_") ? "blank" : variable.name(), variable.type(), start));
                end += size;
            }
        }
        layout = new GoType.Struct("", fields, end);
        floatRegisters = floatRegisters(pieces);
    }

    private SitePlan(SitePlan of, SiteClass siteClass, UnaryOperator<Location> moved) {
        meanings.addAll(of.meanings);
        function = of.function;
        site = of.site;
        this.siteClass = siteClass;
        variables = of.variables;
        offsets.addAll(of.offsets);
        of.pieces.forEach(piece -> pieces.add(new Piece(
                new Part(moved.apply(piece.part.location()), piece.part.offset(), piece.part.size()), piece.offset)));
        layout = of.layout;
        floatRegisters = floatRegisters(pieces);
        type = of.type;
    }

    /**
     * The same site, probed otherwise than its plan was made for.
     *
     * @param as what a hit costs then
     * @param moved where a part is then
     */
    public SitePlan probed(SiteClass as, UnaryOperator<Location> moved) {
        return new SitePlan(this, as, moved);
    }

    /** Where the function has arguments or results here, whether they are captured or not. */
    public Set<Location> locations() {
        if (function == null) {
            return Set.of();
        }
        return isReturn() ? function.returnedIn() : function.passedIn();
    }

    /** The integer argument registers that have nothing here, the last one first; none where it is not known what has something. */
    public List<Location.IntRegister> freeRegisters() {
        // Of raw registers nobody knows which are used.
        if (function == null || !function.signature().whole()) {
            return List.of();
        }
        Set<Location> used = locations();
        List<Location.IntRegister> free = new ArrayList<>();
        int register = ARGUMENT_REGISTERS - 1;
        while (register >= 0 && !used.contains(new Location.IntRegister(register))) {
            free.add(new Location.IntRegister(register--));
        }
        // What a generic function is given of its types is before its last argument, or right behind it.
        if (!isReturn() && !free.isEmpty()) {
            free.remove(free.size() - 1);
        }
        return free;
    }

    private static int floatRegisters(List<Piece> pieces) {
        return pieces.stream()
                .map(piece -> piece.part().location())
                .mapToInt(location -> location instanceof Location.FloatRegister register ? register.index() + 1 : 0)
                .max()
                .orElse(0);
    }

    void typed(int id) {
        type = id;
    }

    /** All that a hit means, in the order of their consequences. */
    public List<Meaning> meanings() {
        return meanings;
    }

    /** Gives a hit another meaning besides: the function traced is the runtime's own. */
    void alsoMeans(Meaning meaning) {
        meanings.add(meaning);
    }

    /** The traced function; null for a site in the runtime. */
    public @Nullable TracedFunction function() {
        return function;
    }

    /** Whether the register that Go keeps the current goroutine in need not have it. */
    public boolean anyR14() {
        return function != null && function.anyR14();
    }

    /** Whether what is lost here is a return. */
    public boolean isReturn() {
        return site.kind() == SiteKind.RETURN;
    }

    /** Whether it only says why calls will not return, so that what is lost here is neither a call nor a return. */
    public boolean isMark() {
        return function == null;
    }

    /** What error messages call it. */
    public String name() {
        return function == null ? "the runtime's " + meanings.get(0).name().toLowerCase(Locale.ROOT) : function.name();
    }

    public ProbeSite site() {
        return site;
    }

    /** What a hit costs. */
    public SiteClass siteClass() {
        return siteClass;
    }

    /** Arguments at an entry, results at a return. */
    public List<Variable> variables() {
        return variables;
    }

    /** Where in the block a variable starts; -1 for one that no longer fits. */
    public int offset(int variable) {
        return offsets.get(variable);
    }

    /** All parts of all variables that fit. */
    public List<Piece> pieces() {
        return pieces;
    }

    GoType.Struct layout() {
        return layout;
    }

    /** Size of the block, in bytes. */
    public int size() {
        return layout.size();
    }

    /** Id of the block's type in the {@link TypeTable}. */
    public int type() {
        return type;
    }

    /** How many floating-point registers are wanted, counted from X0. */
    public int floatRegisters() {
        return floatRegisters;
    }
}
