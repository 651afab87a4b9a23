package dev.tracetoll.experiment.predict;

import dev.tracetoll.bench.program.Census;

/**
 * How busy a program and its machine were.
 *
 * @param programCpus CPUs that the program kept busy, as 1.5
 * @param drivingCpus the same of what works for it, or makes it work
 * @param busyCpus CPUs of the machine that were busy with anything
 * @param cpus CPUs of the machine
 */
public record Load(double programCpus, double drivingCpus, double busyCpus, int cpus) {

    /** From here on what is added takes the time of something else. The rest is what a busy machine leaves idle between two requests. */
    private static final double SATURATED = 0.9;

    /**
     * Where something on the same machine drives the program and the two wait for each other, the CPUs are idle for as long as it takes to wake them, and
     * nobody can use that: on a virtual machine with two CPUs, on which nothing else ran, our own server and load left 20 to 36 % idle, asking as
     * fast as they could, and at fixed rates 75 % and more.
     */
    private static final double TAKING_TURNS = 0.6;

    /** What drives a program on the same machine takes at least this part of what the program takes. */
    private static final double DRIVEN = 0.2;

    /** A program that keeps less than this busy of a CPU waits for something else. */
    private static final double BUSY = 0.9;

    /** What is used up first when a program is traced. */
    public enum Bottleneck {
        /** Nothing: there is time enough for it. */
        NONE("nothing"),
        /** The threads of the program, which cannot go on meanwhile. */
        PROGRAM("the program"),
        /** All CPUs together. */
        MACHINE("all CPUs"),
        /** The tracer, which is one thread. */
        TRACER("the tracer");

        private final String words;

        Bottleneck(String words) {
            this.words = words;
        }

        /** What is used up, for people. */
        public String words() {
            return words;
        }
    }

    /**
     * What tracing adds in a second at the present rate, in seconds.
     *
     * @param held by how much threads of the program are held up
     * @param cpu CPU time of the program
     * @param tracer CPU time of the tracer
     */
    public record Added(double held, double cpu, double tracer) {

        static final Added NOTHING = new Added(0, 0, 0);

        Added plus(Added other) {
            return new Added(held + other.held, cpu + other.cpu, tracer + other.tracer);
        }

        Added minus(Added other) {
            return new Added(held - other.held, cpu - other.cpu, tracer - other.tracer);
        }
    }

    /**
     * What becomes of the throughput.
     *
     * @param loss a share, 0 to 1
     * @param by what is used up
     */
    public record Lost(double loss, Bottleneck by) {

        private static Lost of(double times, Bottleneck by) {
            return new Lost(1 - 1 / times, by);
        }

        private Lost or(Lost other) {
            return other.loss > loss ? other : this;
        }
    }

    /** How busy they were while it was counted. */
    static Load of(Census census, int cpus) {
        double wallNs = census.wallNs();
        return new Load(census.cpuNs() / wallNs, census.drivingNs() / wallNs, census.busyNs() / wallNs, cpus);
    }

    /** Whether nothing is left of the machine that the program, or what drives it, could use. */
    public boolean saturated() {
        return full() || takingTurns();
    }

    /** Whether nothing is left of the machine at all. */
    public boolean full() {
        return busyCpus >= SATURATED * cpus;
    }

    private boolean takingTurns() {
        return drivingCpus >= DRIVEN * programCpus && programCpus + drivingCpus >= TAKING_TURNS * cpus;
    }

    /** Whether the program is held up by how fast it computes: it keeps a CPU busy, or the machine is. */
    public boolean computing() {
        return saturated() || programCpus >= BUSY;
    }

    /**
     * What becomes of the throughput if every second takes so much more.
     *
     * @param counting what the counting had added, which is in all that was seen
     */
    public Lost lost(Added added, Added counting) {
        Lost lost = new Lost(0, Bottleneck.NONE);
        double own = programCpus - counting.cpu;
        double all = Math.min(busyCpus, programCpus + drivingCpus) - counting.cpu;
        if (saturated()) {
            // What takes part has all that it can get, and all of it takes longer by what each piece of work takes
            // longer.
            lost = lost.or(Lost.of((all + added.cpu + added.tracer) / all, Bottleneck.MACHINE));
        } else {
            double needed = busyCpus - counting.cpu + added.cpu + added.tracer;
            lost = lost.or(Lost.of(Math.max(1, needed / cpus), Bottleneck.MACHINE));
            if (computing()) {
                lost = lost.or(Lost.of((own + added.held) / own, Bottleneck.PROGRAM));
            }
        }
        return lost.or(Lost.of(Math.max(1, added.tracer), Bottleneck.TRACER));
    }
}
