package dev.tracetoll.linux.process;

/** How a process ended. */
public sealed interface ExitStatus {

    /** It exited with this code, 0 to 255. */
    record Exited(int code) implements ExitStatus {
        @Override
        public String describe() {
            return "exited with code " + code;
        }
    }

    /** A signal of this number killed it. */
    record Killed(int signal) implements ExitStatus {
        @Override
        public String describe() {
            return "was killed by " + signalName();
        }

        /** The signal as signal(7) names it, for example {@code SIGSEGV}; {@code signal 34} where it has no name. */
        public String signalName() {
            return switch (signal) {
                case 1 -> "SIGHUP";
                case 2 -> "SIGINT";
                case 3 -> "SIGQUIT";
                case 4 -> "SIGILL";
                case 5 -> "SIGTRAP";
                case 6 -> "SIGABRT";
                case 7 -> "SIGBUS";
                case 8 -> "SIGFPE";
                case 9 -> "SIGKILL";
                case 10 -> "SIGUSR1";
                case 11 -> "SIGSEGV";
                case 12 -> "SIGUSR2";
                case 13 -> "SIGPIPE";
                case 14 -> "SIGALRM";
                case 15 -> "SIGTERM";
                case 16 -> "SIGSTKFLT";
                case 24 -> "SIGXCPU";
                case 25 -> "SIGXFSZ";
                case 26 -> "SIGVTALRM";
                case 27 -> "SIGPROF";
                case 29 -> "SIGIO";
                case 30 -> "SIGPWR";
                case 31 -> "SIGSYS";
                default -> "signal " + signal;
            };
        }
    }

    /** What happened to the process, to follow its name in a sentence. */
    String describe();

    /**
     * Reads a wait status as {@code waitpid(2)} defines it.
     *
     * @throws IllegalArgumentException if it is that of a stopped or continued process
     */
    static ExitStatus ofWaitStatus(int status) {
        int signal = status & 0x7f;
        if (signal == 0) {
            return new Exited(status >> 8 & 0xff);
        }
        if (signal == 0x7f || status == 0xffff) {
            throw new IllegalArgumentException(
                    "the process of wait status 0x" + Integer.toHexString(status) + " has not ended");
        }
        return new Killed(signal);
    }
}
