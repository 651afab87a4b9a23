package dev.tracetoll.environment;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tracetoll.schema.Required;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where a run was measured. A text that could not be found out is {@value #UNKNOWN}.
 *
 * @param operatingSystem name of the distribution
 * @param kernelRelease release of the kernel, as {@code uname -r} prints it
 * @param kernelVersion version of the kernel, as {@code uname -v} prints it
 * @param architecture instruction set, as {@code amd64}
 * @param cpuModel model of the CPU
 * @param cpus CPUs that are online
 * @param hypervisor name of the hypervisor, {@value #NONE} on bare metal
 * @param governor frequency governor of the CPUs, {@value #NONE} where the machine does not scale frequencies
 * @param clockSource the kernel's clock source
 * @param mitigations for each vulnerability the kernel knows of, what it does about it
 * @param bootFlags those parameters of the kernel's command line that change what tracing costs
 * @param memoryBytes memory of the machine in bytes
 * @param goVersion version of Go that built the targets, as {@code go1.26.1}
 * @param jdk the Java virtual machine that ran the harness
 * @param tools version by name of each tool and library used
 * @param atStart how busy the machine was when the run began
 * @param atEnd how busy the machine was when the run ended
 */
public record Environment(
        String operatingSystem,
        String kernelRelease,
        String kernelVersion,
        String architecture,
        String cpuModel,
        int cpus,
        String hypervisor,
        String governor,
        String clockSource,
        SortedMap<String, String> mitigations,
        List<String> bootFlags,
        long memoryBytes,
        String goVersion,
        String jdk,
        SortedMap<String, String> tools,
        LoadSample atStart,
        LoadSample atEnd) {

    /** Stands where something could not be found out. */
    public static final String UNKNOWN = "unknown";

    /** Stands where the machine has no such thing. */
    public static final String NONE = "none";

    public Environment {
        Required.text(operatingSystem, "operatingSystem");
        Required.text(kernelRelease, "kernelRelease");
        Required.text(kernelVersion, "kernelVersion");
        Required.text(architecture, "architecture");
        Required.text(cpuModel, "cpuModel");
        Required.text(hypervisor, "hypervisor");
        Required.text(governor, "governor");
        Required.text(clockSource, "clockSource");
        Required.text(goVersion, "goVersion");
        Required.text(jdk, "jdk");
        Required.positive(cpus, "cpus");
        Required.notNegative(memoryBytes, "memoryBytes");
        Required.field(atStart, "atStart");
        Required.field(atEnd, "atEnd");
        mitigations = sorted(Required.field(mitigations, "mitigations"));
        bootFlags = List.copyOf(Required.field(bootFlags, "bootFlags"));
        tools = sorted(Required.field(tools, "tools"));
    }

    private static SortedMap<String, String> sorted(Map<String, String> map) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(map));
    }

    /**
     * Says which results can be compared: equal for two runs on the same kind of machine, kernel, Go and Java, see {@link Fingerprint}.
     *
     * @return 16 hexadecimal digits
     */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public String fingerprint() {
        return Fingerprint.of(this).digits();
    }

    /** Why the fingerprints of two environments differ; nothing if they are equal. */
    public List<EnvironmentDifference> differences(Environment other) {
        return Fingerprint.of(this).differences(Fingerprint.of(other));
    }

    /** The same environment with the version of Go that built the targets, which is known once one has run. */
    public Environment builtWith(String version) {
        return but(version, atEnd);
    }

    /** The same environment with the load at the end of the run. */
    public Environment endedWith(LoadSample load) {
        return but(goVersion, load);
    }

    private Environment but(String otherGoVersion, LoadSample otherEnd) {
        return new Environment(
                operatingSystem,
                kernelRelease,
                kernelVersion,
                architecture,
                cpuModel,
                cpus,
                hypervisor,
                governor,
                clockSource,
                mitigations,
                bootFlags,
                memoryBytes,
                otherGoVersion,
                jdk,
                tools,
                atStart,
                otherEnd);
    }
}
