package dev.tracetoll.results;

import java.util.List;

/**
 * What a burst consists of, and where it runs: what two arms must share to be compared.
 *
 * @param target name of the Go program under test
 * @param arguments its command line
 * @param function linker symbol of the probed function
 * @param calls calls of the probed function in one burst
 * @param placement on which CPUs
 */
public record Workload(String target, List<String> arguments, String function, int calls, CpuPlacement placement) {

    public Workload {
        arguments = arguments == null ? List.of() : List.copyOf(arguments);
        placement = placement == null ? CpuPlacement.UNPINNED : placement;
    }
}
