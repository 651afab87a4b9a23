package dev.tracetoll.bench.prices;

import dev.tracetoll.schema.Required;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.plan.SiteClass;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.tracing.plan.TracePlan;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What hits cost on a machine: measured on a function of one integer, one string and one float, whose records are 64 bytes or so.
 *
 * @param schemaVersion version of this schema, {@value #SCHEMA_VERSION}
 * @param started when it was measured
 * @param fingerprint of the environment; see {@code Environment.fingerprint()}
 * @param rounds how many rounds were measured
 * @param techniques by name
 */
public record Prices(
        int schemaVersion, Instant started, String fingerprint, int rounds, Map<String, OfTechnique> techniques) {

    /** The schema that this version writes, and the newest it reads. */
    public static final int SCHEMA_VERSION = 1;

    /** Name of the file that holds them. */
    public static final String FILE = "prices.json";

    public Prices {
        Required.field(started, "started");
        Required.text(fingerprint, "fingerprint");
        Required.positive(rounds, "rounds");
        techniques = Map.copyOf(Required.field(techniques, "techniques"));
    }

    /**
     * The prices of a technique, in ns; what was not measured is 0.
     *
     * @param entry of a hit at an entry, where the instruction is emulated, or nothing depends on it
     * @param steppedEntry the same where the kernel steps over it
     * @param exit of a hit at a return
     * @param tracer what the tracer uses of another CPU for each event
     */
    public record OfTechnique(double entry, double steppedEntry, double exit, double tracer) {

        /** The price of a hit. */
        double of(SitePlan site) {
            if (!site.isReturn()) {
                return site.siteClass() == SiteClass.STEPPED ? steppedEntry : entry;
            }
            // A return whose instruction is emulated costs what such an entry does.
            return site.siteClass() == SiteClass.EMULATED || site.siteClass() == SiteClass.OPTIMIZED ? entry : exit;
        }
    }

    /** Whether the price of a technique is known. */
    public boolean knows(Technique technique) {
        return techniques.containsKey(technique.name());
    }

    /**
     * What a call of a function costs the program that is traced.
     *
     * @param ns its entry, and the dearest of its returns if returns are probed
     * @param returns whether they are
     */
    public record OfCall(double ns, boolean returns) {}

    /** What calls cost under a technique, by the names of the functions of a plan that it would trace by. */
    public Map<String, OfCall> calls(Technique technique, TracePlan plan) {
        OfTechnique price = of(technique);
        Map<String, OfCall> calls = new LinkedHashMap<>();
        Map<String, List<SitePlan>> byFunction = plan.sites().stream()
                .filter(site -> site.function() != null)
                .collect(Collectors.groupingBy(SitePlan::name, LinkedHashMap::new, Collectors.toList()));
        byFunction.forEach((function, sites) -> calls.put(
                function,
                new OfCall(
                        dearest(price, sites, false) + dearest(price, sites, true),
                        sites.stream().anyMatch(SitePlan::isReturn))));
        return calls;
    }

    private static double dearest(OfTechnique price, List<SitePlan> sites, boolean returns) {
        return sites.stream()
                .filter(site -> site.isReturn() == returns)
                .mapToDouble(price::of)
                .max()
                .orElse(0);
    }

    /** What the tracer uses of a CPU for each event, in ns. */
    public double tracerNs(Technique technique) {
        return of(technique).tracer;
    }

    private OfTechnique of(Technique technique) {
        OfTechnique price = techniques.get(technique.name());
        if (price == null) {
            throw new IllegalArgumentException("the price of " + technique + " was not measured");
        }
        return price;
    }
}
