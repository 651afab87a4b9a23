package dev.tracetoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tracetoll.faults.Promise;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.GoProgram;
import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.testing.NeedsPtrace;
import dev.tracetoll.testing.TraceSchema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code tracetoll} can do with how little, and what it says where that is too little. */
@BesideOthers
@NeedsEbpf
@NeedsPtrace
class LeastPrivilegeIT {

    private static final List<String> NONE = List.of();
    private static final List<String> EBPF = List.of("bpf", "perfmon");
    private static final List<String> EBPF_OF_OTHERS = List.of("bpf", "perfmon", "sys_ptrace");

    @TempDir
    private static Path built;

    private static Path program;
    private static OtherUser user;

    @TempDir
    private Path directory;

    private final List<Process> started = new ArrayList<>();
    private Surroundings surroundings;

    private record Ended(int exitCode, String out, String err) {}

    @BeforeAll
    static void build() throws Exception {
        Files.setPosixFilePermissions(built, PosixFilePermissions.fromString("rwxr-xr-x"));
        program = GoProgram.build("traced", built);
        user = new OtherUser(built);
    }

    @BeforeEach
    void rememberSurroundings() throws IOException {
        surroundings = new Surroundings();
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        started.forEach(Process::destroyForcibly);
        for (Process process : started) {
            process.waitFor();
        }
        surroundings.assertUnchanged();
    }

    private static void requireRoot() {
        Assumptions.assumeTrue(OtherUser.ROOT, "only root can give capabilities and mount");
    }

    private Ended run(List<String> command) throws Exception {
        Path err = directory.resolve("err");
        Process process =
                new ProcessBuilder(command).redirectError(err.toFile()).start();
        started.add(process);
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(Surroundings.LONG.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        return new Ended(process.exitValue(), out, Files.readString(err, StandardCharsets.ISO_8859_1));
    }

    private Ended tracetoll(List<String> capabilities, String... arguments) throws Exception {
        return run(user.tracetoll(capabilities, arguments));
    }

    private String serve(List<String> asUser) throws IOException {
        List<String> command = new ArrayList<>(asUser);
        command.addAll(List.of(program.toString(), "serve"));
        Process server = new ProcessBuilder(command).redirectErrorStream(true).start();
        started.add(server);
        assertThat(server.getInputStream().readNBytes(6)).asString().isEqualTo("ready\n");
        return Long.toString(server.pid());
    }

    private static void refused(Ended ended, String... words) {
        assertThat(ended.err().lines()).as("one line on stderr").hasSize(1);
        assertThat(ended.err()).contains(words);
        assertThat(ended.exitCode()).as(ended.err()).isEqualTo(77);
        assertThat(ended.out()).isEmpty();
    }

    private static void traced(Ended ended, int calls) throws IOException {
        assertThat(ended.exitCode()).as(ended.err()).isZero();
        List<JsonNode> lines = TraceSchema.trace(
                ended.out().lines().filter(line -> line.startsWith("{")).toList());
        JsonNode summary = lines.get(lines.size() - 1);
        assertThat(summary.get("calls").asInt()).isEqualTo(calls);
        assertThat(summary.get("lost").asInt()).isZero();
    }

    @Promise(
            chapter = Promise.Chapter.SURROUNDINGS,
            fault = "The user has CAP_BPF and CAP_PERFMON only",
            promise = "tracing works",
            backend = "ebpf")
    @Test
    void twoCapabilitiesAreEnoughForEbpf() throws Exception {
        requireRoot();
        traced(
                tracetoll(
                        EBPF,
                        "trace",
                        "--format",
                        "json",
                        "--function",
                        "main.(add|outer)$",
                        program.toString(),
                        "calls, then waits"),
                4);
        traced(
                tracetoll(
                        EBPF,
                        "trace",
                        "--format",
                        "json",
                        "--limit",
                        "3",
                        "--function",
                        "main.add",
                        "--pid",
                        serve(OtherUser.with(NONE))),
                3);
        Ended doctor = tracetoll(EBPF, "doctor", "--format", "json");
        assertThat(doctor.exitCode()).as(doctor.out()).isZero();
        assertThat(new ObjectMapper().readTree(doctor.out()).get("canTrace").asBoolean())
                .isTrue();
    }

    @Promise(
            chapter = Promise.Chapter.SURROUNDINGS,
            fault = "One of CAP_BPF and CAP_PERFMON is missing",
            promise = "exit code 77 and a line that names it and the way to it",
            backend = "ebpf")
    @ParameterizedTest
    @CsvSource({"bpf, CAP_PERFMON", "perfmon, CAP_BPF"})
    void oneOfTheTwoIsNot(String held, String missing) throws Exception {
        requireRoot();
        refused(
                tracetoll(List.of(held), "trace", "--function", "main.add", program.toString(), "nothing"),
                "eBPF",
                "lacks " + missing + ")",
                "setpriv",
                "AmbientCapabilities",
                "--backend ptrace");
        Ended doctor = tracetoll(List.of(held), "doctor");
        assertThat(doctor.exitCode()).isEqualTo(77);
        assertThat(doctor.out())
                .containsPattern("warn +" + missing + " +not held")
                .contains("AmbientCapabilities=" + missing + ";");
    }

    @Promise(
            chapter = Promise.Chapter.SURROUNDINGS,
            fault = "The process is another user's",
            promise = "one line that says what it takes")
    @Test
    void processesOfOthersTakeAThird() throws Exception {
        requireRoot();
        String others = serve(NONE);
        for (String backend : List.of("ebpf", "ptrace")) {
            refused(
                    tracetoll(EBPF, "trace", "--backend", backend, "--function", "main.add", "--pid", others),
                    "process " + others,
                    "CAP_SYS_PTRACE");
            traced(
                    tracetoll(
                            EBPF_OF_OTHERS,
                            "trace",
                            "--backend",
                            backend,
                            "--format",
                            "json",
                            "--limit",
                            "3",
                            "--function",
                            "main.add",
                            "--pid",
                            others),
                    3);
        }
    }

    /** As an ordinary user: the process of another one cannot be traced, and eBPF cannot be used; a program of one's own can with ptrace. */
    @Test
    void tellsOrdinaryUsersWhatTheyMayDo() throws Exception {
        String others = OtherUser.ROOT ? serve(NONE) : "1";
        refused(
                tracetoll(NONE, "trace", "--function", "main.add", "--pid", others),
                "process " + others,
                "run as root");
        refused(
                tracetoll(NONE, "trace", "--function", "main.add", program.toString(), "nothing"),
                "eBPF",
                "CAP_BPF and CAP_PERFMON",
                "--backend ptrace");
        Ended ptrace = tracetoll(
                NONE, "trace", "--backend", "ptrace", "--function", "main.add", program.toString(), "nothing");
        assertThat(ptrace.exitCode()).as(ptrace.err()).isZero();
        assertThat(ptrace.out()).contains("exited with code 7");
    }

    /** What inline cannot see is left out then, and that is said with the reason. */
    @Test
    void withoutEbpfNothingFallsBackToIt() throws Exception {
        Path failing = GoProgram.build("failing", built);
        Ended ended = tracetoll(
                OtherUser.ROOT ? List.of("sys_ptrace") : NONE,
                "trace",
                "--backend",
                "inline",
                "--function",
                "main\\.(check|silent)$",
                failing.toString(),
                "3");
        Assumptions.assumeTrue(OtherUser.ROOT, "only root can take capabilities away");
        assertThat(ended.exitCode()).as(ended.err()).isZero();
        assertThat(ended.err())
                .contains("what cannot be traced inline is not traced by eBPF instead: ", "CAP_BPF and CAP_PERFMON")
                .doesNotContain("main.check");
        assertThat(ended.out())
                // On a busy machine the results come in a line of their own.
                .containsPattern(
                        "main\\.check\\((n=0|…)\\) = <unreadable: this technique does not follow what leads to it>")
                .contains("--- 6 calls, 6 returns, 0 without return, 0 events lost; the program");
    }

    /** In a mount namespace of its own, where the kernel's type information is missing or an empty file. */
    @Promise(
            chapter = Promise.Chapter.SURROUNDINGS,
            fault = "The kernel has no type information (BTF), or an empty file of it",
            promise = "exit code 77 with the remedy; `doctor` says so",
            backend = "ebpf")
    @ParameterizedTest
    @CsvSource({
        "mount --bind \"$1\" /sys/kernel/btf/vmlinux, is empty",
        "mount -t tmpfs none /sys/kernel/btf, is missing"
    })
    void withoutTypeInformationEbpfIsRefused(String mount, String why) throws Exception {
        requireRoot();
        Path empty = Files.createFile(directory.resolve("empty"));
        List<String> within =
                List.of("unshare", "--mount", "sh", "-c", mount + " && shift && exec \"$@\"", "sh", empty.toString());
        List<String> trace = new ArrayList<>(within);
        trace.addAll(user.tracetoll(EBPF, "trace", "--function", "main.add", program.toString(), "nothing"));
        refused(run(trace), "/sys/kernel/btf/vmlinux " + why, "CONFIG_DEBUG_INFO_BTF", "--backend ptrace");
        List<String> doctor = new ArrayList<>(within);
        doctor.addAll(user.tracetoll(EBPF, "doctor"));
        Ended asked = run(doctor);
        assertThat(asked.exitCode()).isEqualTo(77);
        assertThat(asked.out()).containsPattern("no +BTF +/sys/kernel/btf/vmlinux " + why);
    }
}
