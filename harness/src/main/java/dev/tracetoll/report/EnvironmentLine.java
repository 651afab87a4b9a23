package dev.tracetoll.report;

import dev.tracetoll.environment.Environment;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An environment in a line. */
public final class EnvironmentLine {

    private static final Pattern KERNEL_NUMBER = Pattern.compile("\\d+(\\.\\d+)*");

    private EnvironmentLine() {}

    /** Processor, hypervisor, kernel and Go, in a line. */
    public static String of(Environment environment) {
        Matcher kernel = KERNEL_NUMBER.matcher(environment.kernelRelease());
        return String.join(
                " · ",
                environment.cpuModel(),
                environment.cpus() + (environment.cpus() == 1 ? " CPU" : " CPUs"),
                switch (environment.hypervisor()) {
                    case Environment.NONE -> "bare metal";
                    case Environment.UNKNOWN -> "virtual machine";
                    default -> environment.hypervisor() + " guest";
                },
                "Linux " + (kernel.lookingAt() ? kernel.group() : environment.kernelRelease()),
                environment.goVersion().replaceFirst("^go", "Go "));
    }
}
