package dev.tracetoll.cli;

import dev.tracetoll.burst.TargetProgram;
import dev.tracetoll.environment.EnvironmentProbe;
import dev.tracetoll.golang.GoBinary;
import dev.tracetoll.report.BaselineScreen;
import dev.tracetoll.results.Published;
import dev.tracetoll.results.ResultStore;
import dev.tracetoll.results.Run;
import dev.tracetoll.tracing.uprobe.Emulation;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tracetoll baseline}: the runs that later ones are compared with, one for each environment. */
@Command(
        name = "baseline",
        description = "Choose the run that later runs of the same environment are compared with.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {BaselineCommand.Adopt.class, BaselineCommand.Show.class, BaselineCommand.ListAll.class})
final class BaselineCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "no command given: adopt, show or list");
    }

    /** Where results are kept. */
    private static final class Home {
        @Option(names = "--out", paramLabel = "DIR", description = "Where results/ is kept (default: this clone).")
        private Path out;

        Published published() {
            return new Published(Invocation.home(out).resolve("results"));
        }
    }

    /** {@code tracetoll baseline adopt} */
    @Command(
            name = "adopt",
            description = "Make a run the baseline of the environment that it was measured in.",
            footer = {"", "Refuses runs that are invalid, lossy or too short, and those of --ladder and --growth."})
    static final class Adopt implements Callable<Integer> {

        @Parameters(paramLabel = "RUN", description = "A results.json, or the directory of a run.")
        private Path run;

        @Mixin
        private Home home;

        @Override
        public Integer call() {
            System.out.println(home.published()
                    .adopt(run, stored -> Experiments.of(stored, run).unfitAsBaseline(stored)));
            return 0;
        }
    }

    /** {@code tracetoll baseline show} */
    @Command(
            name = "show",
            description = "Print which baseline runs on this machine are compared with, if there is one.")
    static final class Show implements Callable<Integer> {

        private static final String TARGET = "calls";

        @Mixin
        private Home home;

        @Override
        public Integer call() {
            String fingerprint =
                    new EnvironmentProbe().read(goVersion(), Map.of()).fingerprint();
            Optional<Path> file = home.published().baseline(fingerprint);
            System.out.println("fingerprint  " + fingerprint);
            if (file.isEmpty()) {
                System.out.println("baseline     none; run ./tracetoll bench, then ./tracetoll baseline adopt RUN");
                return 0;
            }
            Run run = ResultStore.load(file.get());
            System.out.println("measured     " + run.started());
            System.out.println("commit       " + run.tracetoll().commit());
            System.out.println("file         " + file.get());
            return 0;
        }

        /** That which builds the targets belongs to the environment. */
        private static String goVersion() {
            try (GoBinary target = GoBinary.open(TargetProgram.named(TARGET).path(), Emulation.ofThisKernel())) {
                return target.version().text();
            }
        }
    }

    /** {@code tracetoll baseline list} */
    @Command(name = "list", description = "Print all baselines, one a line.")
    static final class ListAll implements Callable<Integer> {

        @Mixin
        private Home home;

        @Override
        public Integer call() {
            Published published = home.published();
            Map<String, Run> baselines = new TreeMap<>();
            published
                    .fingerprints()
                    .forEach(fingerprint -> baselines.put(
                            fingerprint,
                            ResultStore.load(published.baseline(fingerprint).orElseThrow())));
            System.out.print(new BaselineScreen(StandardOutput.screen()).render(baselines));
            return 0;
        }
    }
}
