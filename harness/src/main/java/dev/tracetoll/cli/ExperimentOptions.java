package dev.tracetoll.cli;

import dev.tracetoll.experiment.BenchExperiment;
import dev.tracetoll.experiment.BenchRequest;
import dev.tracetoll.experiment.Extent;
import dev.tracetoll.experiment.OwnOption;
import dev.tracetoll.problem.BadInput;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options of {@code tracetoll bench} that the {@linkplain Experiments experiments} declare: those that choose one, and those of one alone. */
final class ExperimentOptions implements IModelTransformer {

    @Override
    public CommandSpec transform(CommandSpec bench) {
        ArgGroupSpec.Builder either = ArgGroupSpec.builder().exclusive(true).multiplicity("0..1");
        extents()
                .forEach(extent -> either.addArg(OptionSpec.builder(extent.option())
                        .type(boolean.class)
                        .arity("0")
                        .description(extent.description())
                        .build()));
        bench.addArgGroup(either.build());
        options().forEach(option -> bench.addOption(spec(option)));
        return bench;
    }

    private static Stream<Extent> extents() {
        return Experiments.OF_BENCH.stream()
                .flatMap(each -> each.extents().stream())
                .sorted(Comparator.comparing(Extent::roughly));
    }

    private static Stream<OwnOption> options() {
        return Experiments.OF_BENCH.stream().flatMap(each -> each.options().stream());
    }

    private static OptionSpec spec(OwnOption option) {
        OptionSpec.Builder spec = OptionSpec.builder(option.name())
                .paramLabel(option.label())
                .arity("1")
                .description(option.description());
        option.byDefault().ifPresent(spec::defaultValue);
        return (option.repeatable() ? spec.type(List.class).auxiliaryTypes(String.class) : spec.type(String.class))
                .build();
    }

    /** The extent that was chosen, if one was. */
    static Optional<String> extent(CommandSpec bench) {
        return extents()
                .map(Extent::option)
                .filter(bench.commandLine().getParseResult()::hasMatchedOption)
                .findFirst();
    }

    /** The values of the experiments' own options, by option, as {@link BenchRequest} has them. */
    static Map<String, List<String>> own(CommandSpec bench) {
        Map<String, List<String>> values = new HashMap<>();
        options()
                .forEach(option -> values(bench.findOption(option.name()).getValue())
                        .ifPresent(given -> values.put(option.name(), given)));
        return values;
    }

    private static Optional<List<String>> values(Object value) {
        return value instanceof List<?> all
                ? Optional.of(all.stream().map(Object::toString).toList())
                : Optional.ofNullable(value).map(one -> List.of(one.toString()));
    }

    /** The experiment that is asked for. */
    static BenchExperiment chosen(BenchRequest asked) {
        return Experiments.OF_BENCH.stream()
                .filter(each -> each.extents().stream().anyMatch(asked::chose))
                .findFirst()
                .orElse(Experiments.OF_BENCH.get(0));
    }

    /** @throws BadInput if an option was given that belongs to another experiment than the one that is asked for */
    static void requirePlaced(BenchRequest asked, BenchExperiment chosen) {
        Experiments.OF_BENCH.stream()
                .filter(each -> each != chosen)
                .flatMap(each -> each.misplaced(asked).stream())
                .findFirst()
                .ifPresent(why -> {
                    throw new BadInput(why);
                });
    }
}
