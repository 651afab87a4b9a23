package dev.tracetoll.testing;

import dev.tracetoll.linux.kernel.Feature;
import dev.tracetoll.tracing.peer.PeerTool;
import org.junit.jupiter.api.Assumptions;

/** The other tools that tests drive. */
public final class PeerTools {

    private PeerTools() {}

    /** Goes on if the tool is there; Delve is built for it. Where it is not, the test fails in CI and is skipped elsewhere, with the reason on stderr. */
    public static void require(PeerTool tool) {
        Feature feature = tool == PeerTool.DELVE
                ? BuiltTool.DELVE.feature()
                : tool.find()
                        .map(path -> Feature.works(tool.command(), path.toString()))
                        .orElseGet(() -> Feature.fails(tool.command(), "it is not installed", tool.remedy()));
        boolean inCi = "true".equals(System.getenv("CI"));
        Assumptions.assumeFalse(
                NeedsFeature.decide(feature, inCi, "a test with " + tool.command(), System.err)
                        .isDisabled(),
                feature.name() + " is absent");
    }
}
