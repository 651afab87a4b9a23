package dev.tracetoll.bench;

import dev.tracetoll.burst.TargetProgram;
import dev.tracetoll.problem.MachineCannot;
import dev.tracetoll.problem.Problem;
import dev.tracetoll.results.Warning;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.peer.Peer;
import dev.tracetoll.tracing.peer.Peers;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/** Finds out which peers can be measured, by a trial of each, and why the others cannot. */
public final class PeerChoice {

    private final Consumer<Warning> told;
    private final List<Warning> absent = new ArrayList<>();

    /** @param told receives why a peer cannot be measured, as soon as that is known */
    public PeerChoice(Consumer<Warning> told) {
        this.told = told;
    }

    /** Those that can trace a target. */
    public List<Technique> on(String target) {
        return on(target, Peers.ALL);
    }

    /** Those of some that can trace a target. */
    public List<Technique> on(String target, Collection<Peer> wanted) {
        TargetProgram program = TargetProgram.of(target);
        return wanted.stream()
                .filter(peer -> Techniques.entry(peer.technique()).fits(program))
                .filter(peer -> traces(peer, program))
                .map(Peer::technique)
                .toList();
    }

    /** Why others could not be had, in the order in which that was found out. */
    public List<Warning> absent() {
        return List.copyOf(absent);
    }

    private boolean traces(Peer peer, TargetProgram program) {
        if (peer.tool().find().isEmpty()) {
            note(
                    peer,
                    program,
                    peer.tool().command() + " is not installed",
                    peer.tool().remedy());
            return false;
        }
        try (TracedTarget traced = TargetLauncher.launch(peer.technique(), program, List.of(), TracedTarget.DISCARD)) {
            traced.burst(1, 1);
            return true;
        } catch (MachineCannot e) {
            note(peer, program, e.getMessage(), "see ./tracetoll doctor");
        } catch (Problem e) {
            note(peer, program, e.getMessage(), "what the tool cannot trace cannot be compared");
        }
        return false;
    }

    private void note(Peer peer, TargetProgram program, String why, String remedy) {
        Warning warning = new Warning(
                "the peer " + peer.technique() + " was not measured on target " + program.name() + ": " + why, remedy);
        absent.add(warning);
        told.accept(warning);
    }
}
