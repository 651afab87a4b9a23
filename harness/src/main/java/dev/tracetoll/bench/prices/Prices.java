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
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What hits cost on a machine: measured on a function of one integer, one string and one float, whose records are 64 bytes or so.
 *
 * @param schemaVersion version of this schema, {@value #SCHEMA_VERSION}
 * @param started when it was measured
 * @param fingerprint of the environment; see {@code Environment.fingerprint()}
 * @param turns how often each technique was measured
 * @param techniques by name
 */
public record Prices(
        int schemaVersion, Instant started, String fingerprint, int turns, Map<String, OfTechnique> techniques) {

    /** The schema that this version writes; the first knew no CPU time, the second had prices of calls in a row alone, and the third of stops in a row alone. */
    public static final int SCHEMA_VERSION = 4;

    /** Name of the file that holds them. */
    public static final String FILE = "prices.json";

    public Prices {
        Required.field(started, "started");
        Required.text(fingerprint, "fingerprint");
        Required.positive(turns, "turns");
        techniques = Map.copyOf(Required.field(techniques, "techniques"));
    }

    /**
     * The prices of a technique; nothing where no hits are made.
     *
     * @param entry of one at an entry, where the instruction is emulated, or nothing depends on it
     * @param steppedEntry the same where the kernel steps over it
     * @param exit of one at a return
     * @param tracerNs CPU time of the tracer for each event
     * @param apartNs by how much later still a thread goes on from a stop that comes {@linkplain dev.tracetoll.tracing.FunctionHits#apart apart}
     */
    public record OfTechnique(Cost entry, Cost steppedEntry, Cost exit, double tracerNs, double apartNs) {

        /** What waking adds to a stop in guests where it is dear: 100 to 400 &micro;s, seen in two with two CPUs each. */
        private static final double ROUGH_APART_NS = 200_000;

        private static final String WITHOUT_RETURNS = "-arguments";
        private static final Set<Mechanism> STEPPING = Set.of(Mechanism.EBPF, Mechanism.EBPF_PATCHED);

        /** Those of one that stops no threads. */
        OfTechnique(Cost entry, Cost steppedEntry, Cost exit, double tracerNs) {
            this(entry, steppedEntry, exit, tracerNs, 0);
        }

        public OfTechnique {
            Required.field(entry, "entry");
            Required.field(steppedEntry, "steppedEntry");
            Required.field(exit, "exit");
        }

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
            boolean stops = facts.mechanism().filter(Mechanism::stops).isPresent();
            return new OfTechnique(
                    Cost.ofThread(entry),
                    Cost.ofThread(stepped),
                    Cost.ofThread(facts.roughNs()),
                    0,
                    stops ? ROUGH_APART_NS : 0);
        }

        /** What calls cost, by the names of the functions of a plan. */
        public Map<String, OfCall> calls(TracePlan plan) {
            Map<String, OfCall> calls = new LinkedHashMap<>();
            Map<String, List<SitePlan>> byFunction = plan.sites().stream()
                    .filter(site -> site.function() != null)
                    .collect(Collectors.groupingBy(SitePlan::name, LinkedHashMap::new, Collectors.toList()));
            byFunction.forEach((function, sites) -> {
                Optional<SitePlan> entry = dearest(sites, false);
                Optional<SitePlan> exit = dearest(sites, true);
                List<SitePlan> both =
                        Stream.of(entry, exit).flatMap(Optional::stream).toList();
                calls.put(
                        function,
                        new OfCall(
                                entry.map(this::of).orElse(Cost.NOTHING),
                                exit.map(this::of).orElse(Cost.NOTHING),
                                exit.isPresent(),
                                tracerNs * both.size(),
                                both.stream()
                                        .map(site -> site.siteClass().word())
                                        .collect(Collectors.joining(", "))));
            });
            return calls;
        }

        private Optional<SitePlan> dearest(List<SitePlan> sites, boolean returns) {
            return sites.stream()
                    .filter(site -> site.isReturn() == returns)
                    .max(Comparator.comparingDouble(site -> of(site).ns()));
        }

        /** The price of a hit. */
        Cost of(SitePlan site) {
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
     * What a call of a function costs.
     *
     * @param entry its entry
     * @param exit the dearest of its returns; nothing if returns are not probed
     * @param returns whether they are
     * @param tracerNs CPU time of the tracer
     * @param sites what becomes of the instructions there, the entry's first, in words
     */
    public record OfCall(Cost entry, Cost exit, boolean returns, double tracerNs, String sites) {

        /** One that is not traced. */
        public static final OfCall NONE = new OfCall(Cost.NOTHING, Cost.NOTHING, false, 0, "");

        /** All of it, but for the tracer. */
        public Cost cost() {
            return entry.plus(exit);
        }

        /** The same of a function some of whose sites are seen by another technique, which has told what they cost there. */
        public OfCall with(OfCall others) {
            return new OfCall(
                    dearer(entry, others.entry),
                    dearer(exit, others.exit),
                    returns || others.returns,
                    tracerNs + others.tracerNs,
                    sites + ", " + others.sites);
        }

        private static Cost dearer(Cost one, Cost other) {
            return one.ns() >= other.ns() ? one : other;
        }

        /** How many events it makes. */
        public int events() {
            return sites.isEmpty() ? 0 : returns ? 2 : 1;
        }
    }

    /** What calls cost under a technique, by the names of the functions of a plan that it would trace by. */
    public Map<String, OfCall> calls(Technique technique, TracePlan plan) {
        return of(technique).calls(plan);
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
