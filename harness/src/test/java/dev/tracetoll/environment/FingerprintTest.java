package dev.tracetoll.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.results.SampleRuns;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FingerprintTest {

    private static final Environment ENVIRONMENT = SampleRuns.environment();

    /** Another value for each part that makes times incomparable. */
    private static final Map<String, Object> TELLING = Map.ofEntries(
            Map.entry("kernelRelease", "6.1.0-18-amd64"),
            Map.entry("architecture", "aarch64"),
            Map.entry("cpuModel", "Other CPU"),
            Map.entry("cpus", 4),
            Map.entry("hypervisor", Environment.NONE),
            Map.entry("governor", "powersave"),
            Map.entry("clockSource", "hpet"),
            Map.entry(
                    "mitigations",
                    new TreeMap<>(Map.of("meltdown", "Mitigation: PTI", "spectre_v2", "Mitigation: Enhanced IBRS"))),
            Map.entry("bootFlags", List.of("mitigations=auto", "isolcpus=1")),
            Map.entry("goVersion", "go1.27.0"),
            Map.entry("jdk", "OpenJDK 21"));

    /** Another value for each part that does not. */
    private static final Map<String, Object> SILENT = Map.of(
            "operatingSystem",
            "Other Linux",
            "kernelVersion",
            "#2 SMP",
            "memoryBytes",
            1L << 30,
            "tools",
            new TreeMap<>(Map.of("clang", "19")),
            "atStart",
            new LoadSample(3, 5, 7, 4L, 2L, 1L),
            "atEnd",
            new LoadSample(4, 6, 8, 5L, 3L, 2L));

    private static Environment with(String part, Object value) throws ReflectiveOperationException {
        RecordComponent[] components = Environment.class.getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = components[i].getName().equals(part)
                    ? value
                    : components[i].getAccessor().invoke(ENVIRONMENT);
        }
        Constructor<Environment> constructor = Environment.class.getDeclaredConstructor(
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
        return constructor.newInstance(values);
    }

    static Stream<String> parts() {
        return Arrays.stream(Environment.class.getRecordComponents()).map(RecordComponent::getName);
    }

    @ParameterizedTest
    @MethodSource("parts")
    void everyTellingPartChangesItAndNothingElseDoes(String part) throws ReflectiveOperationException {
        assertThat(TELLING.containsKey(part))
                .as("whether it matters is decided")
                .isNotEqualTo(SILENT.containsKey(part));
        boolean telling = TELLING.containsKey(part);
        Environment other = with(part, telling ? TELLING.get(part) : SILENT.get(part));

        assertThat(other).isNotEqualTo(ENVIRONMENT);
        assertThat(other.fingerprint().equals(ENVIRONMENT.fingerprint())).isNotEqualTo(telling);
        assertThat(ENVIRONMENT.differences(other)).hasSize(telling ? 1 : 0);
    }

    @ParameterizedTest
    @CsvSource({
        "goVersion, go1.26.8",
        "goVersion, go1.26-devel_0123abc",
        "jdk, OpenJDK 17.0.15+6-Debian-1deb12u1",
        "jdk, OpenJDK 17-ea+3"
    })
    void patchReleasesChangeNothing(String part, String value) throws ReflectiveOperationException {
        assertThat(with(part, value).fingerprint()).isEqualTo(ENVIRONMENT.fingerprint());
    }

    @ParameterizedTest
    @CsvSource({
        "goVersion, go1.2.6",
        "goVersion, devel",
        "jdk, OpenJDK 1",
        "jdk, OpenJDK 170",
        "jdk, Other 17",
        "jdk, openj9-0.40.0"
    })
    void anythingElseAboutAVersionDoes(String part, String value) throws ReflectiveOperationException {
        assertThat(with(part, value).fingerprint()).isNotEqualTo(ENVIRONMENT.fingerprint());
    }

    @Test
    void theOrderOfBootFlagsChangesNothing() throws ReflectiveOperationException {
        assertThat(with("bootFlags", List.of("nosmt", "isolcpus=1")).fingerprint())
                .isEqualTo(with("bootFlags", List.of("isolcpus=1", "nosmt")).fingerprint());
    }

    @Test
    void differencesAreNamedOneByOne() throws ReflectiveOperationException {
        assertThat(ENVIRONMENT.differences(with(
                        "mitigations", new TreeMap<>(Map.of("meltdown", "Not affected", "retbleed", "Vulnerable")))))
                .extracting(EnvironmentDifference::inWords)
                .containsExactly(
                        "mitigation of spectre_v2: Mitigation: Enhanced IBRS against absent",
                        "mitigation of retbleed: absent against Vulnerable");
        assertThat(ENVIRONMENT.differences(with("bootFlags", List.of())))
                .extracting(EnvironmentDifference::inWords)
                .containsExactly("boot flags: mitigations=auto against none");
        assertThat(ENVIRONMENT.differences(ENVIRONMENT)).isEmpty();
    }

    /** Baselines are kept under it: whoever changes what it is made of leaves all of them behind, and must mean to. */
    @Test
    void staysWhatItIs() {
        assertThat(ENVIRONMENT.fingerprint()).isEqualTo("51274bf332aa189e");
    }
}
