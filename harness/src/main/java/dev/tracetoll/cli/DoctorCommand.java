package dev.tracetoll.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.tracetoll.linux.features.KernelFeatures;
import dev.tracetoll.problem.MachineCannot;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;

/** {@code tracetoll doctor}: what this machine can do, and what to do where it cannot. */
@Command(
        name = "doctor",
        description = "Print what this machine can do, each line with the remedy where it cannot.",
        footer = {"", "Exits 0 if ptrace and eBPF tracing work here, else 77."})
final class DoctorCommand implements Callable<Integer> {

    private enum Format {
        text,
        json
    }

    @Option(
            names = "--format",
            defaultValue = "text",
            paramLabel = "FORMAT",
            description = "text or json (default: ${DEFAULT-VALUE}).")
    private Format format;

    @Override
    public Integer call() throws JsonProcessingException {
        KernelFeatures kernel = KernelFeatures.ofThisMachine();
        List<Check> checks = MachineChecks.all(kernel);
        boolean canTrace = kernel.ptrace().available() && kernel.ebpfTracing().available();
        if (format == Format.json) {
            Map<String, Object> report = new LinkedHashMap<>();
            report.put("canTrace", canTrace);
            report.put("checks", checks);
            System.out.println(new ObjectMapper()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .writeValueAsString(report));
        } else {
            print(checks, System.out);
        }
        return canTrace ? 0 : MachineCannot.EXIT_CODE;
    }

    static void print(List<Check> checks, PrintStream out) {
        int width =
                checks.stream().mapToInt(check -> check.what().length()).max().orElse(0);
        for (Check check : checks) {
            String status =
                    switch (check.status()) {
                        case ok -> Ansi.AUTO.string("@|green ok|@  ");
                        case no -> Ansi.AUTO.string("@|bold,red no|@  ");
                        case warn -> Ansi.AUTO.string("@|yellow warn|@");
                    };
            out.println(status + "  " + check.what()
                    + " ".repeat(width - check.what().length()) + "  " + check.detail());
            if (!check.remedy().isEmpty()) {
                out.println(" ".repeat(width + 8) + "-> " + check.remedy());
            }
        }
    }
}
