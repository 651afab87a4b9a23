package dev.tracetoll.environment;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What two environments must have in common for times measured in them to be comparable, documented in {@code docs/results.md}.
 * Baselines are kept under its digits: a change to the parts leaves all that there are behind.
 *
 * @param parts by their names for people, in a fixed order
 */
record Fingerprint(Map<String, String> parts) {

    private static final int BYTES = 8;
    private static final String ABSENT = "absent";
    /** Patch releases of Go change neither the code that it makes nor its runtime by much. */
    private static final Pattern GO = Pattern.compile("(go\\d+\\.\\d+).*");
    /** The same for Java: the name of the virtual machine, and the first number of its version. */
    private static final Pattern JDK = Pattern.compile("(.+ \\d+)(?:[.+-]\\S*)?");

    Fingerprint {
        parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
    }

    static Fingerprint of(Environment environment) {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("architecture", environment.architecture());
        parts.put("CPU", environment.cpuModel());
        parts.put("number of CPUs", Integer.toString(environment.cpus()));
        parts.put("hypervisor", environment.hypervisor());
        parts.put("frequency governor", environment.governor());
        parts.put("clock source", environment.clockSource());
        parts.put("kernel", environment.kernelRelease());
        parts.put("boot flags", String.join(" ", new TreeSet<>(environment.bootFlags())));
        environment.mitigations().forEach((vulnerability, state) -> parts.put("mitigation of " + vulnerability, state));
        parts.put("Go", shortened(environment.goVersion(), GO));
        parts.put("Java", shortened(environment.jdk(), JDK));
        return new Fingerprint(parts);
    }

    private static String shortened(String version, Pattern telling) {
        Matcher matcher = telling.matcher(version);
        return matcher.matches() ? matcher.group(1) : version;
    }

    /** 16 hexadecimal digits, the start of a SHA-256 of the parts. */
    String digits() {
        String text = parts.entrySet().stream()
                .map(part -> part.getKey() + "=" + part.getValue())
                .collect(Collectors.joining("\n"));
        return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)), 0, BYTES);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** What is in only one of the two, or in both and different. */
    List<EnvironmentDifference> differences(Fingerprint other) {
        Set<String> names = new LinkedHashSet<>(parts.keySet());
        names.addAll(other.parts.keySet());
        return names.stream()
                .map(name -> new EnvironmentDifference(name, inWords(name), other.inWords(name)))
                .filter(difference -> !difference.one().equals(difference.other()))
                .toList();
    }

    private String inWords(String part) {
        String value = parts.getOrDefault(part, ABSENT);
        return value.isEmpty() ? Environment.NONE : value;
    }
}
