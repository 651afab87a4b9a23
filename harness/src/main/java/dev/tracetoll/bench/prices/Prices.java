package dev.tracetoll.bench.prices;

import dev.tracetoll.schema.Required;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.plan.SiteClass;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.registry.Mechanism;
import dev.tracetoll.tracing.registry.TechniqueFacts;
import dev.tracetoll.tracing.registry.TechniqueRegistry;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

        private static final String WITHOUT_RETURNS = "-arguments";
        private static final Set<Mechanism> STEPPING = Set.of(Mechanism.EBPF, Mechanism.EBPF_PATCHED);

        /**
         * Those of a technique on a machine where nothing has been measured: what the registry of techniques has for a machine on which the kernel's
         * steps are dear, so that rather too much is foretold than too little.
         */
        public static OfTechnique roughly(Technique technique) {
            TechniqueFacts facts = TechniqueRegistry.ALL.facts(technique.name());
            double entry = TechniqueRegistry.ALL
                    .find(technique.name() + WITHOUT_RETURNS)
                    .orElse(facts)
                    .roughNs();
            boolean steps = facts.mechanism().filter(STEPPING::contains).isPresent();
            double stepped = steps
                    ? TechniqueRegistry.ALL
                            .facts(technique.name() + TechniqueFacts.AT_ENTRY)
                            .roughNs()
                    : entry;
            return new OfTechnique(entry, stepped, facts.roughNs(), 0);
        }

        /** What calls cost, by the names of the functions of a plan. */
        public Map<String, OfCall> calls(TracePlan plan) {
            Map<String, OfCall> calls = new LinkedHashMap<>();
            Map<String, List<SitePlan>> byFunction = plan.sites().stream()
                    .filter(site -> site.function() != null)
                    .collect(Collectors.groupingBy(SitePlan::name, LinkedHashMap::new, Collectors.toList()));
            byFunction.forEach((function, sites) -> calls.put(
                    function,
                    new OfCall(
                            dearest(sites, false),
                            dearest(sites, true),
                            sites.stream().anyMatch(SitePlan::isReturn))));
            return calls;
        }

        private double dearest(List<SitePlan> sites, boolean returns) {
            return sites.stream()
                    .filter(site -> site.isReturn() == returns)
                    .mapToDouble(this::of)
                    .max()
                    .orElse(0);
        }

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
     * @param entryNs its entry
     * @param exitNs the dearest of its returns; 0 if returns are not probed
     * @param returns whether they are
     */
    public record OfCall(double entryNs, double exitNs, boolean returns) {
        /** All of it. */
        public double ns() {
            return entryNs + exitNs;
        }
    }

    /** What calls cost under a technique, by the names of the functions of a plan that it would trace by. */
    public Map<String, OfCall> calls(Technique technique, TracePlan plan) {
        return of(technique).calls(plan);
    }

    /** What the tracer uses of a CPU for each event, in ns. */
    public double tracerNs(Technique technique) {
        return of(technique).tracer;
    }

    /**
     * The prices of a technique.
     *
     * @throws IllegalArgumentException if they were not measured
     */
    public OfTechnique of(Technique technique) {
        OfTechnique price = techniques.get(technique.name());
        if (price == null) {
            throw new IllegalArgumentException("the price of " + technique + " was not measured");
        }
        return price;
    }
}
