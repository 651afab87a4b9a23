package dev.tracetoll.bench;

import dev.tracetoll.tracing.ring.RingChoice;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A round: what the process that measures it is told.
 *
 * @param seed of the order of the arms' turns
 * @param arms in the order in which they begin
 * @param ring what somebody chose of the ring buffers
 */
public record Round(long seed, List<ArmSpec> arms, RingChoice ring) {

    /**
     * In which order the arms have their turns. Those on one target take turns, as they are compared with each other; nothing of another target is
     * alive meanwhile, as even what waits wakes up now and then. Targets of which an arm changes what the whole machine does, see
     * {@link ArmSpec#machineWide}, are measured one arm after the other.
     */
    public List<ArmSpec> order() {
        Set<String> alone =
                arms.stream().filter(ArmSpec::machineWide).map(ArmSpec::target).collect(Collectors.toSet());
        return Turns.order(
                arms,
                arm -> arm.effort().turns(),
                arm -> alone.contains(arm.target()) ? arm : arm.target(),
                new Random(seed));
    }
}
