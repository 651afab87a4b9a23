package dev.tracetoll.tracing.plan;

import dev.tracetoll.golang.GoType;
import dev.tracetoll.golang.ProbeSite;
import dev.tracetoll.golang.TracedFunction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A {@link TraceRequest} compiled: its probe sites, and the types of the values captured there. Shared by all techniques. */
public final class TracePlan {

    /**
     * A type that an interface can hold.
     *
     * @param type its id
     * @param direct whether the data word is the value itself, as for everything that is one pointer, and not its address
     */
    public record DynamicType(int type, boolean direct) {}

    private final TraceRequest request;
    private final TypeTable types;
    private final List<SitePlan> sites;
    private final Map<Long, DynamicType> dynamicTypes;

    private TracePlan(
            TraceRequest request, TypeTable types, List<SitePlan> sites, Map<Long, DynamicType> dynamicTypes) {
        this.request = request;
        this.types = types;
        this.sites = sites;
        this.dynamicTypes = dynamicTypes;
    }

    /**
     * Compiles a request; the binary that its types come from must still be open, and is needed no longer then.
     *
     * @param pricing what its sites cost
     */
    public TracePlan(TraceRequest request, SitePricing pricing) {
        this(request, new TypeTable(request.maxBytes()), new ArrayList<>(), new HashMap<>());
        for (TracedFunction function : request.functions()) {
            add(new SitePlan(function, function.entry(), pricing));
            if (request.returns()) {
                function.returns().forEach(site -> add(new SitePlan(function, site, pricing)));
            }
        }
        if (request.returns()) {
            request.runtime().panic().ifPresent(site -> add(site, pricing, SitePlan.Meaning.PANIC));
            request.runtime().goexit().ifPresent(site -> add(site, pricing, SitePlan.Meaning.GOEXIT));
        }
        if (types.hasInterfaces()) {
            request.types().dynamicTypes().forEach((address, reference) -> {
                GoType type = reference.get();
                dynamicTypes.put(address, new DynamicType(types.add(type), isDirect(type)));
            });
        }
    }

    /** Adds a site of the runtime, unless its function is traced anyway. */
    private void add(ProbeSite runtime, SitePricing pricing, SitePlan.Meaning meaning) {
        sites.stream()
                .filter(site -> site.site().address() == runtime.address())
                .findFirst()
                .ifPresentOrElse(site -> site.alsoMeans(meaning), () -> add(new SitePlan(runtime, pricing, meaning)));
    }

    private void add(SitePlan site) {
        sites.add(site);
        site.typed(types.add(site.layout()));
    }

    /** Source: {@code IsDirectIface} in {@code src/cmd/compile/internal/types/utils.go}. */
    private static boolean isDirect(GoType type) {
        if (type instanceof GoType.Pointer
                || type instanceof GoType.GoMap
                || type instanceof GoType.Channel
                || type instanceof GoType.Func) {
            return true;
        }
        if (type instanceof GoType.Array array) {
            return array.length() == 1 && isDirect(array.element());
        }
        return type instanceof GoType.Struct struct
                && struct.fields().size() == 1
                && isDirect(struct.fields().get(0).type());
    }

    public TraceRequest request() {
        return request;
    }

    /** The same for a copy of the program. */
    public TracePlan ofCopy(Path binary) {
        return new TracePlan(request.ofCopy(binary), types, sites, dynamicTypes);
    }

    /** The same of some of the calls. */
    public TracePlan sampled(Sampling some) {
        return new TracePlan(request.sampled(some), types, sites, dynamicTypes);
    }

    /** The same, whose probes are guarded: see {@link TraceRequest#guarded}. */
    public TracePlan forGuard() {
        return new TracePlan(request.forGuard(), types, sites, dynamicTypes);
    }

    /** The same with each of the sites probed otherwise: see {@link SitePlan#probed}. */
    public TracePlan withSites(List<SitePlan> otherwise) {
        return new TracePlan(request, types, List.copyOf(otherwise), dynamicTypes);
    }

    /** Of each function the entry, then, if returns are wanted, the returns, and last those in the runtime that explain missing ones. */
    public List<SitePlan> sites() {
        return sites;
    }

    /**
     * The numbers of sites by the names of the functions that they are in, in the order of the sites.
     *
     * @param which says of the number of a site whether it is to be among them
     */
    public Map<String, List<Integer>> sitesByFunction(IntPredicate which) {
        return IntStream.range(0, sites.size())
                .filter(which)
                .boxed()
                .collect(
                        Collectors.groupingBy(site -> sites.get(site).name(), LinkedHashMap::new, Collectors.toList()));
    }

    public TypeTable types() {
        return types;
    }

    /** The types that interfaces can hold, by the address of their description in the file; empty where no value has an interface. */
    public Map<Long, DynamicType> dynamicTypes() {
        return dynamicTypes;
    }
}
