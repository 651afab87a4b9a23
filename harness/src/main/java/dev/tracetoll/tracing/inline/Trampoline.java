package dev.tracetoll.tracing.inline;

import dev.tracetoll.tracing.patching.Patch;
import dev.tracetoll.x86.Assembler;
import dev.tracetoll.x86.Assembler.Label;
import dev.tracetoll.x86.Instruction;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the code that the jump of a {@link Patch} leads to: what was displaced, and what is done at the sites.
 *
 * <p>It uses no stack, makes no call and no frame, and what it reads is certain to be there; so nothing can come between its instructions but a
 * signal. It has R12 and R13 for itself, which Go's ABI leaves to nobody where functions begin and end; others it puts away and brings back.
 */
final class Trampoline {

    /** What is done at a site. */
    @FunctionalInterface
    interface SiteCode {

        /**
         * Writes the code for it.
         *
         * @param site its number
         * @param growing whether the call has yet to grow its stack, after which it comes to the site again
         * @param rare what is written behind all that is done usually
         */
        void write(Assembler code, int site, boolean growing, List<Runnable> rare);
    }

    private final SiteCode sites;
    private final long bias;

    /** @param bias what to add to an address in the file for the address in the process */
    Trampoline(SiteCode sites, long bias) {
        this.sites = sites;
        this.bias = bias;
    }

    /**
     * The code for a patch.
     *
     * @param origin where it is to be in the process
     */
    byte[] code(Patch patch, long origin) {
        Assembler code = new Assembler(origin);
        List<Runnable> rare = new ArrayList<>();
        patch.write(
                code,
                bias,
                i -> patch.recordings().stream()
                        .filter(recording -> recording.before() == i)
                        .forEach(recording -> sites.write(code, recording.site(), false, rare)),
                branch -> growth(code, patch, branch, rare));
        // A rare way may have others.
        for (int i = 0; i < rare.size(); i++) {
            rare.get(i).run();
        }
        return code.bytes();
    }

    private void growth(Assembler code, Patch patch, Instruction branch, List<Runnable> rare) {
        Label grows = new Label();
        code.jumpIf(branch.condition().orElseThrow(), grows);
        rare.add(() -> {
            code.bind(grows);
            patch.recordings().forEach(recording -> sites.write(code, recording.site(), true, rare));
            code.jump(branch.target().getAsLong() + bias);
        });
    }
}
