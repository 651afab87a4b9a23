package dev.tracetoll.linux.process;

import dev.tracetoll.problem.OperationFailed;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a program inherits from whoever starts it, apart from its standard streams and from what neither the launcher nor the JVM changes, such
 * as the working directory, umask, niceness, session and controlling terminal.
 *
 * @param environment its environment, a word {@code NAME=value} each
 * @param descriptors its open file descriptors, in ascending order; of 0 to 2 only those that are not redirected
 * @param blockedSignals its signals that are blocked: bit 0 for signal 1, and so on
 * @param ignoredSignals its signals that are ignored, in the same form
 * @param limits its resource limits that differ from those of this process
 * @param user whom it runs as; empty if that is who runs this process
 */
public record Inheritance(
        NativeWords environment,
        List<Integer> descriptors,
        long blockedSignals,
        long ignoredSignals,
        List<Limit> limits,
        Optional<User> user) {

    /**
     * A resource limit, see setrlimit(2).
     *
     * @param resource its number
     * @param soft its soft limit; -1 for none
     * @param hard its hard limit; -1 for none
     */
    public record Limit(int resource, long soft, long hard) {

        private static final long UNLIMITED = -1;
        private static final Pattern LINE = Pattern.compile("(Max [a-z ]*?) {2,}(\\S+) +(\\S+) .*");

        /** Reads one of {@code /proc/PID/limits}, by the name it has there. */
        static Limit of(String name, int resource, List<String> lines) {
            return lines.stream()
                    .map(LINE::matcher)
                    .filter(line -> line.matches() && line.group(1).equals(name))
                    .findFirst()
                    .map(line -> new Limit(resource, number(line.group(2)), number(line.group(3))))
                    .orElseThrow(() -> new IllegalArgumentException("no line \"" + name + "\""));
        }

        /** As {@code ulimit} and {@code /proc} write it. */
        static long number(String text) {
            return text.equals("unlimited") ? UNLIMITED : Long.parseLong(text);
        }

        Limit withSoft(long other) {
            return new Limit(resource, other, hard);
        }

        @Override
        public String toString() {
            return resource + ":" + Long.toUnsignedString(soft) + ":" + Long.toUnsignedString(hard);
        }
    }

    /** {@code asm-generic/resource.h}. */
    private static final int RLIMIT_NOFILE = 7;

    private static final int RLIMIT_MEMLOCK = 8;

    /** The launcher tells the environment that it has got itself in base64, cut into as many variables as it takes. */
    private static final String ENVIRONMENT = "TRACETOLL_ENVIRONMENT_";
    /** Properties by which it tells which signals were ignored before the JVM had handlers for some, and the limit that the JVM raises. */
    private static final String IGNORED = "tracetoll.ignored";

    private static final String OPEN_FILES = "tracetoll.openfiles";
    /** And the descriptors that were open, with a blank after each. */
    private static final String DESCRIPTORS = "tracetoll.descriptors";

    private static final Path PROCESS = Path.of("/proc/self");
    /** {@code asm-generic/fcntl.h}. */
    private static final int O_CLOEXEC = 02000000;

    private static final class OfThisCommand {
        static final Inheritance INSTANCE = read();
    }

    public Inheritance {
        descriptors = List.copyOf(descriptors);
        limits = List.copyOf(limits);
    }

    /**
     * What this command was given when it was started: by the launcher, else by whoever started the JVM.
     *
     * @throws OperationFailed if /proc is missing
     */
    public static Inheritance ofThisCommand() {
        return OfThisCommand.INSTANCE;
    }

    /** Takes note of the descriptors that are open; to be called before any file is opened. */
    public static void takeNote() {
        ofThisCommand();
    }

    /** An environment, and nothing else. */
    public static Inheritance of(Map<String, String> environment) {
        return new Inheritance(
                NativeWords.of(environment.entrySet().stream()
                        .map(e -> e.getKey() + "=" + e.getValue())
                        .toList()),
                List.of(),
                0,
                0,
                List.of(),
                Optional.empty());
    }

    /** The same without descriptors and without signals that are blocked or ignored: for a program that is started to be measured. */
    public Inheritance withoutDescriptorsAndSignals() {
        return new Inheritance(environment, List.of(), 0, 0, limits, user);
    }

    /** The same for another user, whom {@code HOME} and what else names the user in the environment then names. */
    public Inheritance as(User other) {
        Map<String, String> naming = Map.of("HOME", other.home(), "USER", other.name(), "LOGNAME", other.name());
        NativeWords others = environment;
        for (String name : naming.keySet()) {
            others = others.withoutBeginning(name + "=");
        }
        return new Inheritance(
                others.behind(naming.entrySet().stream()
                        .map(each -> each.getKey() + "=" + each.getValue())
                        .sorted()
                        .toList()),
                descriptors,
                blockedSignals,
                ignoredSignals,
                limits,
                Optional.of(other));
    }

    /** A standard stream that is not redirected: the same as ours, or closed. */
    public Redirect stream(int number) {
        return descriptors.contains(number) ? Redirect.INHERIT : Redirect.CLOSED;
    }

    private static Inheritance read() {
        try {
            List<Integer> descriptors = descriptorsOfOthers();
            List<String> status = Files.readAllLines(PROCESS.resolve("status"));
            List<String> limits = Files.readAllLines(PROCESS.resolve("limits"));
            Limit files = Limit.of("Max open files", RLIMIT_NOFILE, limits);
            String soft = System.getProperty(OPEN_FILES);
            return new Inheritance(
                    readEnvironment(),
                    descriptors,
                    signals(status, "SigBlk"),
                    Long.parseUnsignedLong(
                            System.getProperty(IGNORED, Long.toHexString(signals(status, "SigIgn"))), 16),
                    List.of(
                            soft == null ? files : files.withSoft(Limit.number(soft)),
                            Limit.of("Max locked memory", RLIMIT_MEMLOCK, limits)),
                    Optional.empty());
        } catch (IOException | IllegalArgumentException e) {
            throw new OperationFailed(
                    "Finding out what a program is to inherit failed: " + e.getMessage() + "; is /proc mounted?", e);
        }
    }

    /** A set of signals of the first thread, which the JVM leaves as it was started, as proc_pid_status(5) has it. */
    private static long signals(List<String> status, String name) {
        return status.stream()
                .filter(line -> line.startsWith(name + ":"))
                .findFirst()
                .map(line ->
                        Long.parseUnsignedLong(line.substring(name.length() + 1).strip(), 16))
                .orElseThrow(() -> new IllegalArgumentException("no " + name));
    }

    private static NativeWords readEnvironment() throws IOException {
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        int parts = 0;
        for (String part = System.getenv(ENVIRONMENT + 1);
                part != null;
                part = System.getenv(ENVIRONMENT + (parts + 1))) {
            told.write(Base64.getDecoder().decode(part));
            parts++;
        }
        return NativeWords.split(parts > 0 ? told.toByteArray() : Files.readAllBytes(PROCESS.resolve("environ")));
    }

    /** Those that the launcher has found, as not all files that the JVM opens are closed by execve(2); without it, the others. */
    private static List<Integer> descriptorsOfOthers() throws IOException {
        String told = System.getProperty(DESCRIPTORS);
        if (told != null) {
            return Stream.of(told.split(" "))
                    .filter(number -> !number.isEmpty())
                    .map(Integer::valueOf)
                    .sorted()
                    .toList();
        }
        List<Integer> found = new ArrayList<>();
        // Not by java.nio.file: nothing of that may be open without this looking at it.
        String[] names = new File(PROCESS.toFile(), "fd").list();
        if (names == null) {
            throw new IOException("there is no " + PROCESS.resolve("fd"));
        }
        for (int number : Stream.of(names).mapToInt(Integer::parseInt).sorted().toArray()) {
            if (isInheritable(number)) {
                found.add(number);
            }
        }
        return found;
    }

    private static boolean isOfTheJvm(Path file) throws IOException {
        List<String> places =
                new ArrayList<>(List.of(System.getProperty("java.class.path").split(File.pathSeparator)));
        places.add(System.getProperty("java.home"));
        for (String place : places) {
            Path path = Path.of(place);
            if (Files.exists(path) && file.startsWith(path.toRealPath())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isInheritable(int number) throws IOException {
        try {
            List<String> information =
                    Files.readAllLines(PROCESS.resolve("fdinfo").resolve(Integer.toString(number)));
            boolean closed = information.stream()
                    .filter(line -> line.startsWith("flags:"))
                    .anyMatch(line ->
                            (Integer.parseInt(line.substring("flags:".length()).strip(), 8) & O_CLOEXEC) != 0);
            return !closed
                    && !isOfTheJvm(Files.readSymbolicLink(PROCESS.resolve("fd").resolve(Integer.toString(number))));
        } catch (AccessDeniedException e) {
            throw e;
        } catch (IOException e) {
            // Closed by now, before its information was opened or while it was read: it was that of the listing, or of
            // a thread of the
            // JVM's that looks at a file for a moment. Those that we were given stay open.
            return false;
        }
    }
}
