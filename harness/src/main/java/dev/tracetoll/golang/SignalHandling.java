package dev.tracetoll.golang;

import java.util.List;

/**
 * How the Go runtime handles signals.
 *
 * @param handler where {@code runtime.sigtrampgo(sig uint32, info *siginfo, ctx unsafe.Pointer)} can be probed with its arguments in registers
 * @param installed addresses in the file of what the runtime asks the kernel to call, one or two: {@code setsig} in
 *     {@code src/runtime/os_linux.go}
 * @param listened address in the file of a word with a bit for each of the signals 0 to 31 that the program listens for by {@code os/signal};
 *     0 if it cannot, as that package is not part of it
 */
public record SignalHandling(ProbeSite handler, List<Long> installed, long listened) {

    public SignalHandling {
        installed = List.copyOf(installed);
    }
}
