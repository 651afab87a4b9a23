package dev.tracetoll.bench;

import dev.tracetoll.burst.TargetProgram;
import dev.tracetoll.golang.GoBinary;
import dev.tracetoll.golang.SiteChoice;
import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.tracing.plan.SitePricing;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.plan.TraceRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * What there is to trace of each target. It is found out once for all arms of a round that trace the same; a tenth of a second each time, and a second
 * the first time in a JVM.
 */
final class TargetPlans {

    /** The probed function of every target. */
    static final String PROBED_FUNCTION = "main.probed";

    /** The functions that are probed beside the one that is called. */
    private static final Pattern OTHER_PROBED_FUNCTIONS = Pattern.compile("main\\.probed\\d+");

    private static final String ASSEMBLY_SUFFIX = ".abi0";

    /** How many pointers are followed one behind the other. */
    private static final int DEPTH = 1;

    /** @param modified when the program was */
    private record Planned(
            Path program,
            FileTime modified,
            String function,
            SiteChoice site,
            boolean returns,
            Class<? extends SitePricing> pricing,
            Probing probing) {}

    private static final Map<Planned, TracePlan> PLANS = new ConcurrentHashMap<>();

    private TargetPlans() {}

    /**
     * What to trace of a target.
     *
     * @throws BadInput if the program is no Go program with the functions that targets have
     */
    static TracePlan of(Techniques.Entry technique, TargetProgram program, Probing probing) {
        TracePlan plan = PLANS.computeIfAbsent(
                new Planned(
                        program.original(),
                        modified(program),
                        technique.function(),
                        technique.site(),
                        technique.returns(),
                        technique.pricing().getClass(),
                        probing),
                any -> newPlan(technique, program, probing));
        return program.path().equals(program.original()) ? plan : plan.ofCopy(program.path());
    }

    private static FileTime modified(TargetProgram program) {
        try {
            return Files.getLastModifiedTime(program.original());
        } catch (IOException e) {
            throw new BadInput(
                    "The target " + program.name() + " is gone: " + program.original() + "; build it anew", e);
        }
    }

    private static TracePlan newPlan(Techniques.Entry technique, TargetProgram program, Probing probing) {
        SitePricing pricing = technique.pricing();
        try (GoBinary binary = GoBinary.open(program.original(), pricing)) {
            List<TracedFunction> functions = new ArrayList<>(List.of(function(binary, technique, program)));
            binary.functionNames().stream()
                    .filter(name -> OTHER_PROBED_FUNCTIONS.matcher(name).matches())
                    .sorted()
                    .limit(probing.functions() - 1)
                    .map(name -> binary.function(name, technique.site()))
                    .forEach(functions::add);
            if (functions.size() < probing.functions()) {
                throw new BadInput("The target " + program.name() + " has " + functions.size()
                        + " functions to probe, not " + probing.functions());
            }
            return new TracePlan(
                    new TraceRequest(
                            program.original(),
                            functions,
                            binary.runtimeLayout(),
                            binary.types(),
                            technique.returns(),
                            probing.maxBytes(),
                            DEPTH),
                    pricing);
        }
    }

    /** The linker's name of what is written in assembly ends in that of its calling convention. */
    private static TracedFunction function(GoBinary binary, Techniques.Entry technique, TargetProgram program) {
        String name = technique.function();
        boolean assembly = binary.functionNames().contains(name + ASSEMBLY_SUFFIX);
        if (!assembly
                && !name.equals(PROBED_FUNCTION)
                && !binary.functionNames().contains(name)) {
            throw new BadInput("The technique " + technique.technique() + " probes " + name + ", which the target "
                    + program.name() + " lacks; measure it on another target");
        }
        return binary.function(assembly ? name + ASSEMBLY_SUFFIX : name, technique.site());
    }
}
