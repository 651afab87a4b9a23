package dev.tracetoll.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.faults.Promise;
import dev.tracetoll.launcher.Launch.Outcome;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.Script;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The launcher in a clone of its own, whose path has spaces in it. */
@BesideOthers
class LauncherIT {

    private static final Path HOME = Path.of(System.getProperty("tracetoll.home"));
    private static final List<String> SOURCES =
            List.of("tracetoll", ".mvn", "pom.xml", "bpf", "targets", "harness/pom.xml", "harness/src/main");
    /** All that the launcher itself starts, apart from what it checks for. */
    private static final List<String> BASE = List.of(
            "sh",
            "readlink",
            "sed",
            "cksum",
            "id",
            "uname",
            "grep",
            "find",
            "cat",
            "mkdir",
            "mv",
            "sort",
            "flock",
            "dirname",
            "basename",
            "ls",
            "expr",
            "base64",
            "stat");

    /** The same in each run of the tests, as Go compiles anew what is in another directory; where every user may look. */
    private static final Path CLONES =
            Path.of(System.getProperty("java.io.tmpdir"), "tracetoll-launched-" + Integer.toHexString(HOME.hashCode()));

    @TempDir
    private static Path directory;

    private static Path clone;
    private static List<Outcome> firstRuns;

    @BeforeAll
    static void twoFirstRunsAtOnce() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        removeClone();
        clone = Files.createDirectories(CLONES.resolve("a clone, with spaces"));
        Files.setPosixFilePermissions(CLONES, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (String source : SOURCES) {
            copy(HOME.resolve(source), clone.resolve(source));
        }
        Launch one = launch("--version");
        Launch other = launch("--version");
        firstRuns = List.of(one.end(), other.end());
    }

    @AfterAll
    static void removeClone() throws Exception {
        command("rm", "-rf", CLONES.toString());
    }

    @Test
    void twoFirstRunsAtOnceBuildOnce() {
        assertThat(firstRuns).allSatisfy(run -> {
            assertThat(run.exit()).as("%s", run).isZero();
            assertThat(run.out()).startsWith("tracetoll 0");
        });
        assertThat(firstRuns).filteredOn(run -> run.err().contains("building")).hasSize(1);
    }

    @Test
    void theNextRunBuildsNothing() throws Exception {
        var built = Files.getLastModifiedTime(clone.resolve("harness/target/built"));
        Outcome doctor = launch("doctor").end();
        assertThat(doctor.exit()).as("%s", doctor).isIn(0, 77);
        assertThat(doctor.err()).isEmpty();
        assertThat(doctor.out()).contains("ptrace", "uprobes", "ring buffer", "libdw");
        assertThat(Files.getLastModifiedTime(clone.resolve("harness/target/built")))
                .isEqualTo(built);
    }

    @Test
    void aNewSourceIsBuiltAndARemovedOneToo() throws Exception {
        Path added = Files.writeString(
                clone.resolve("harness/src/main/java/dev/tracetoll/Added.java"),
                "package dev.tracetoll;\n/** Only here for a test. */\npublic interface Added {}\n");
        assertThat(launch("--version").end().err()).contains("building");
        assertThat(clone.resolve("harness/target/classes/dev/tracetoll/Added.class"))
                .exists();
        assertThat(launch("--version").end().err()).isEmpty();
        Files.delete(added);
        Path tools = toolsWithMaven("a source is gone", "cat >/dev/null");
        Outcome built = Launch.start(
                        Path.of("/"),
                        environment(tools),
                        List.of(
                                "/bin/sh",
                                "-c",
                                "echo left | { \"$0\" --version; cat; }",
                                clone.resolve("tracetoll").toString()))
                .end();
        assertThat(built.err()).contains("building");
        assertThat(built.out()).as("the input is the command's").endsWith("left\n");
        assertThat(versionOf(clone, tools).err()).isEmpty();
    }

    /** As {@link #tools}, with a Maven that says what it is told to: that the real one builds need not be seen each time. */
    private static Path toolsWithMaven(String name, String body) throws IOException {
        Path tools = tools(name);
        wrap("clang", tools);
        Script.write(tools.resolve("mvn"), body);
        return tools;
    }

    private static Outcome versionOf(Path clone, Path tools) throws Exception {
        return Launch.start(
                        Path.of("/"),
                        environment(tools),
                        List.of(clone.resolve("tracetoll").toString(), "--version"))
                .end();
    }

    @Promise(
            chapter = Promise.Chapter.SURROUNDINGS,
            fault = "A build fails",
            promise = "its reason is shown, and the next run tries again")
    @Test
    void aBuildThatFailsShowsWhyAndIsTriedAgain() throws Exception {
        Path broken = Files.writeString(clone.resolve("harness/src/main/java/dev/tracetoll/Broken.java"), "not Java\n");
        try {
            Outcome run = launch("--version").end();
            assertThat(run.exit()).isEqualTo(1);
            assertThat(run.err()).contains("Broken.java", "the build failed");
            Outcome again = versionOf(clone, toolsWithMaven("still broken", "echo 'still no Java'; exit 1"));
            assertThat(again.exit()).isEqualTo(1);
            assertThat(again.err()).contains("still no Java", "the build failed");
        } finally {
            Files.delete(broken);
        }
        assertThat(launch("--version").end().exit()).isZero();
    }

    /** Copied without time stamps, as by another user who may not write there. */
    @Promise(
            chapter = Promise.Chapter.SURROUNDINGS,
            fault = "A copy of the clone without time stamps is run by a user who cannot build there",
            promise = "what is built runs, and one line says so")
    @Test
    void whatIsBuiltIsRunWhereItCannotBeBuilt() throws Exception {
        Path other = directory.resolve("copied");
        command("cp", "-r", clone.toString(), other.toString());
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
        } else {
            command("chmod", "-R", "a-w", other.toString());
        }
        command.addAll(List.of(other.resolve("tracetoll").toString(), "--version"));

        Outcome copied = Launch.start(Path.of("/"), environment(), command).end();
        assertThat(copied.exit()).as("%s", copied).isZero();
        assertThat(copied.out()).startsWith("tracetoll 0");
        assertThat(copied.err().lines())
                .containsExactly(
                        "tracetoll: running what is built: the sources have other time stamps than it, and the same content");

        Path changed = other.resolve("harness/src/main/java/dev/tracetoll/Added.java");
        command("chmod", "-R", "u+w", other.toString());
        Files.writeString(changed, "package dev.tracetoll;\n/** Only here for a test. */\npublic interface Added {}\n");
        if (!System.getProperty("user.name").equals("root")) {
            command("chmod", "-R", "a-w", other.toString());
        }
        Outcome stale = Launch.start(Path.of("/"), environment(), command).end();
        assertThat(stale.exit()).as("%s", stale).isZero();
        assertThat(stale.err().lines())
                .containsExactly("tracetoll: running what is built, from other sources or with other tools: " + other
                        + " is not writable, so it cannot be built anew");

        // Whoever may write builds what has really changed, and nothing else; that Maven builds it is looked at
        // elsewhere.
        command("chmod", "-R", "u+w", other.toString());
        Files.delete(changed);
        Path tools = toolsWithMaven("a copy", "exit 0");
        assertThat(versionOf(other, tools).err()).isEmpty();
        Files.writeString(changed, "package dev.tracetoll;\n/** Only here for a test. */\npublic interface Added {}\n");
        Outcome builder = versionOf(other, tools);
        assertThat(builder.exit()).as("%s", builder).isZero();
        assertThat(builder.err()).contains("building");
    }

    private static void command(String... words) throws Exception {
        assertThat(new ProcessBuilder(words).inheritIO().start().waitFor())
                .as(String.join(" ", words))
                .isZero();
    }

    /** Whoever only asks gets an answer: nothing is installed for it. */
    @Promise(
            chapter = Promise.Chapter.SURROUNDINGS,
            fault = "Somebody asks for help on a machine where packages are missing",
            promise = "help is printed and nothing is installed")
    @ParameterizedTest
    @CsvSource({
        "test --help, --all-go",
        "test --all-go -h, MAVEN_ARG",
        "test --version, tracetoll 0",
        "bench --help, --rounds",
        "bench --peers --help, --rounds",
        "bench --peers --version, tracetoll 0"
    })
    void askingInstallsNothing(String arguments, String answer) throws Exception {
        Path tools = tools("asking " + arguments);
        Script.write(tools.resolve("id"), "echo 0");
        Script.write(tools.resolve("apt-get"), "echo 'apt-get was run' >&2; exit 1");
        List<String> command =
                new ArrayList<>(List.of(clone.resolve("tracetoll").toString()));
        command.addAll(List.of(arguments.split(" ")));
        Outcome run = Launch.start(Path.of("/"), environment(tools), command).end();
        assertThat(run.exit()).as("%s", run).isZero();
        assertThat(run.out()).contains(answer);
        assertThat(run.err()).isEmpty();
    }

    @Test
    void worksThroughASymlinkFromAnywhere() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("tt"), clone.resolve("tracetoll"));
        Outcome run = Launch.start(Path.of("/"), environment(), List.of(link.toString(), "--version"))
                .end();
        assertThat(run.exit()).as("%s", run).isZero();
        assertThat(run.out()).startsWith("tracetoll 0");
    }

    @Test
    void exitCodesAndMessagesOfJavaArePassedOn() throws Exception {
        Outcome run = launch("docter").end();
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err())
                .isEqualToIgnoringNewLines(
                        "tracetoll: unknown command 'docter'; the nearest is 'doctor'; see 'tracetoll --help'");
    }

    @Test
    void withoutRootWhatIsMissingIsNamedWithTheLineThatInstallsIt() throws Exception {
        Path tools = tools("no root");
        Script.write(tools.resolve("apt-get"), "echo 'apt-get was run' >&2; exit 1");
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
        }
        command.addAll(List.of("/bin/sh", clone.resolve("tracetoll").toString(), "doctor"));
        Outcome run = Launch.start(Path.of("/"), environment(tools), command).end();
        assertThat(run.exit()).isEqualTo(77);
        assertThat(run.err().lines())
                .containsExactly(
                        "tracetoll: missing: Maven (mvn), clang",
                        "tracetoll: not root, so nothing was installed; as root, run: apt-get install -y --no-install-recommends maven clang");
    }

    @Test
    void rootInstallsWhatIsMissingAfterNamingIt() throws Exception {
        Path tools = tools("root");
        Script.write(tools.resolve("id"), "echo 0");
        Path packages = Files.createDirectory(directory.resolve("packages"));
        wrap("mvn", packages);
        wrap("clang", packages);
        Path log = directory.resolve("apt.log");
        // Knows no package until its lists are updated, as on a fresh machine.
        Script.write(tools.resolve("apt-get"), """
                echo "$DEBIAN_FRONTEND $*" >>'%1$s'
                case $1 in
                update) : >'%1$s.updated' ;;
                install) [ -e '%1$s.updated' ] || exit 100; mv '%2$s/mvn' '%2$s/clang' '%3$s' ;;
                esac""".formatted(log, packages, tools));
        Outcome run = Launch.start(
                        Path.of("/"),
                        environment(tools),
                        List.of(clone.resolve("tracetoll").toString(), "--version"))
                .end();
        assertThat(run.exit()).as("%s", run).isZero();
        assertThat(run.err().lines())
                .startsWith(
                        "tracetoll: missing: Maven (mvn), clang",
                        "tracetoll: installing the Debian packages: maven clang");
        assertThat(log).content().isEqualToNormalizingNewlines("""
                noninteractive install -y --no-install-recommends maven clang
                noninteractive update
                noninteractive install -y --no-install-recommends maven clang
                """);
    }

    @Test
    void anInstallationThatFailsSaysSo() throws Exception {
        Path tools = tools("failing apt");
        Script.write(tools.resolve("id"), "echo 0");
        Script.write(tools.resolve("apt-get"), "echo 'E: no network' >&2; exit 100");
        Outcome run = Launch.start(
                        Path.of("/"),
                        environment(tools),
                        List.of(clone.resolve("tracetoll").toString(), "doctor"))
                .end();
        assertThat(run.exit()).isEqualTo(77);
        assertThat(run.err())
                .contains(
                        "E: no network",
                        "as root, run: apt-get update && apt-get install -y --no-install-recommends maven clang");
    }

    @Test
    void anOldGoIsPassedOverForANewOne() throws Exception {
        Path tools = tools("old Go");
        for (String tool : List.of("mvn", "clang")) {
            wrap(tool, tools);
        }
        Script.write(tools.resolve("go"), "echo 'go version go1.18.10 linux/amd64'");
        Script.write(tools.resolve("apt-get"), "exit 100");
        Outcome run = Launch.start(
                        Path.of("/"),
                        environment(tools),
                        List.of(clone.resolve("tracetoll").toString(), "doctor"))
                .end();
        boolean otherGo =
                Stream.of("/usr/local/go/bin/go", "/usr/lib/go-1.19/bin/go").anyMatch(go -> Files.exists(Path.of(go)));
        assertThat(run.exit()).as("%s", run).isIn(otherGo ? List.of(0, 77) : List.of(77));
        assertThat(run.err().contains("missing: Go 1.19 or later"))
                .as(run.err())
                .isEqualTo(!otherGo);
    }

    @Test
    void testPassesArgumentsAndTheExitCodeOn() throws Exception {
        Path tools = tools("fake Maven");
        wrap("clang", tools);
        Script.write(tools.resolve("go"), "echo 'go version go1.19.8 linux/amd64'");
        for (String tool : List.of(
                "bpftool",
                "objcopy",
                "clang-format",
                "shellcheck",
                "bpftrace",
                "gdb",
                "strace",
                "perf",
                "chromium",
                "pdftotext",
                "man",
                "mandoc",
                "pip3",
                "fzf",
                "age",
                "gocryptfs")) {
            Script.write(tools.resolve(tool), "exit 0");
        }
        Script.write(tools.resolve("mvn"), "printf '%s\\n' \"$PWD\" \"$@\"; exit 7");
        Outcome run = Launch.start(
                        Path.of("/"),
                        environment(tools),
                        List.of(clone.resolve("tracetoll").toString(), "test", "--all-go", "-pl", "two words"))
                .end();
        assertThat(run.exit()).as("%s", run).isEqualTo(7);
        assertThat(run.out().lines())
                .containsExactly(
                        clone.toString(), "-B", "-ntp", "verify", "-Dtracetoll.test.go=all", "-pl", "two words");
    }

    /** Which of them can be had differs; what is asked of bench afterwards is refused, so that nothing is measured. */
    private static Outcome benchWithPeers(Path tools, Map<String, String> more) throws Exception {
        for (String tool : List.of("mvn", "clang", "tail", "mktemp", "rm", "env")) {
            wrap(tool, tools);
        }
        Map<String, String> environment = new HashMap<>(environment(tools));
        environment.putAll(more);
        Outcome run = Launch.start(
                        Path.of("/"),
                        environment,
                        List.of("/bin/sh", clone.resolve("tracetoll").toString(), "bench", "--peers", "--growth"))
                .end();
        assertThat(run.exit()).as("%s", run).isEqualTo(2);
        assertThat(run.err().lines().toList())
                .last()
                .asString()
                .contains("--peers is for a run that compares techniques");
        return run;
    }

    /** Delve cannot be had without a module proxy. */
    private static Map<String, String> withoutProxy() {
        return Map.of(
                "GOPROXY",
                "off",
                "GOMODCACHE",
                directory.resolve("no modules").toString(),
                "GOCACHE",
                directory.resolve("go-build").toString(),
                "HOME",
                directory.toString());
    }

    @Test
    void rootInstallsThePeersThatCanBeHadAndNamesTheOthers() throws Exception {
        Path tools = tools("peers as root");
        Script.write(tools.resolve("id"), "echo 0");
        Script.write(tools.resolve("strace"), "exit 0");
        Script.write(tools.resolve("apt-get"), """
                case "$*" in
                update) ;;
                *' gdb') printf '#!/bin/sh\\n' >'%1$s/gdb' ; chmod +x '%1$s/gdb' ;;
                *) echo "E: Unable to locate package ${*##* }" >&2; exit 100 ;;
                esac""".formatted(tools));
        wrap("chmod", tools);

        Outcome run = benchWithPeers(tools, withoutProxy());

        assertThat(run.err().lines())
                .startsWith(
                        "tracetoll: installing the Debian package: bpftrace",
                        "tracetoll: no bpftrace: E: Unable to locate package bpftrace",
                        "tracetoll: installing the Debian package: gdb",
                        "tracetoll: installing the Debian package: linux-perf",
                        "tracetoll: no perf: E: Unable to locate package linux-perf");
        assertThat(run.err().lines().filter(line -> line.startsWith("tracetoll: no Delve: ")))
                .singleElement()
                .asString()
                .contains("github.com/go-delve/delve", "GOPROXY=off");
        assertThat(tools.resolve("gdb")).exists();
        try (Stream<Path> left = Files.list(clone.resolve("targets/target/tools"))) {
            assertThat(left).as("half of Delve").isEmpty();
        }
    }

    @Test
    void withoutRootThePeersAreNamedWithTheLineThatInstallsThem() throws Exception {
        Path tools = tools("peers without root");
        Script.write(tools.resolve("id"), "echo 1000");
        Script.write(tools.resolve("apt-get"), "echo 'apt-get was run' >&2; exit 1");
        for (String tool : List.of("strace", "gdb", "perf")) {
            Script.write(tools.resolve(tool), "exit 0");
        }

        Outcome run = benchWithPeers(tools, withoutProxy());

        assertThat(run.err().lines())
                .startsWith(
                        "tracetoll: bpftrace is not here; as root, run: apt-get install -y --no-install-recommends bpftrace")
                .doesNotContain("apt-get was run");
    }

    @Test
    void whereThereIsNoAptThePeersAreNamedByTheirPackages() throws Exception {
        Path tools = tools("peers without apt");

        Outcome run = benchWithPeers(tools, withoutProxy());

        assertThat(run.err().lines())
                .startsWith(
                        "tracetoll: bpftrace is not here, nor is apt-get; install what Debian calls bpftrace",
                        "tracetoll: gdb is not here, nor is apt-get; install what Debian calls gdb",
                        "tracetoll: strace is not here, nor is apt-get; install what Debian calls strace",
                        "tracetoll: perf is not here, nor is apt-get; install what Debian calls linux-perf");
    }

    @Test
    void delveIsBuiltInTheVersionThatResultsName() throws Exception {
        Path tools = tools("peers with a Go that builds anything");
        for (String tool : List.of("bpftrace", "gdb", "strace", "perf")) {
            Script.write(tools.resolve(tool), "exit 0");
        }
        // Asked for its root, it names one in which there is a Go that writes down what it is to install.
        Path root = Files.createDirectories(directory.resolve("go root/bin")).getParent();
        Script.write(root.resolve("bin/go"), "echo \"$*\" >\"$GOBIN/dlv\"");
        Script.write(
                tools.resolve("go"),
                "[ \"$*\" != 'env GOROOT' ] || { echo '%s'; exit; }\nexec '%s' \"$@\"".formatted(root, which("go")));
        String version = Files.readString(clone.resolve("targets/delve.sh"))
                .lines()
                .filter(line -> line.startsWith("version="))
                .findFirst()
                .orElseThrow()
                .substring("version=".length());
        Path delve = clone.resolve("targets/target/tools/dlv-" + version);

        Outcome run = benchWithPeers(tools, Map.of());

        assertThat(run.err().lines()).as("nothing but the refusal").hasSize(1);
        assertThat(delve).content().isEqualToIgnoringNewLines("install github.com/go-delve/delve/cmd/dlv@v" + version);
        Files.delete(delve);
    }

    private static Launch launch(String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(clone.resolve("tracetoll").toString()));
        command.addAll(List.of(arguments));
        return Launch.start(directory, environment(), command);
    }

    private static Map<String, String> environment() {
        return Map.of("JAVA_HOME", System.getProperty("java.home"));
    }

    private static Map<String, String> environment(Path tools) {
        return Map.of("JAVA_HOME", System.getProperty("java.home"), "PATH", tools.toString());
    }

    /** A PATH with what every machine has, and Go; without Maven and clang. */
    private static Path tools(String name) throws IOException {
        Path tools = Files.createDirectory(directory.resolve("tools, " + name));
        for (String tool : BASE) {
            wrap(tool, tools);
        }
        wrap("go", tools);
        return tools;
    }

    /** Not by a symbolic link: a temporary directory is not cleaned quietly when links lead out of it. */
    private static void wrap(String tool, Path tools) throws IOException {
        Script.write(tools.resolve(tool), "exec '" + which(tool) + "' \"$@\"");
    }

    private static Path which(String tool) {
        String path = System.getenv("PATH") + File.pathSeparator + "/usr/local/go/bin" + File.pathSeparator
                + "/usr/lib/go-1.19/bin";
        return Stream.of(path.split(File.pathSeparator))
                .map(place -> Path.of(place, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError(tool + " is not on " + path));
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path source, BasicFileAttributes attributes) throws IOException {
                if (source.equals(from.resolve("target"))) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                Files.createDirectories(to.resolve(from.relativize(source)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path source, BasicFileAttributes attributes) throws IOException {
                Path copied = source.equals(from) ? to : to.resolve(from.relativize(source));
                Files.createDirectories(copied.getParent());
                Files.copy(source, copied);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
