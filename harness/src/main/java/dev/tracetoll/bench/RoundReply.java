package dev.tracetoll.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.MachineCannot;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.problem.Problem;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.RunResult;

/**
 * What the process of a round says, as a line of JSON: how far it is; or of an arm, what was measured, or why nothing was.
 *
 * @param share how much of the round is over, 0 to 1; 1 if this is about an arm
 * @param sample null if the arm failed, or this is about none
 * @param jmh JMH's result as Java serializes it, compressed; null if the arm failed, or this is about none
 * @param turn name of the arm that has its turn; null if this is about an arm, or none has
 * @param exitCode exit code of the failure
 * @param problem what the user has to know of the failure; null without one
 */
record RoundReply(
        double share,
        @Nullable RoundSample sample,
        byte @Nullable [] jmh,
        @Nullable String turn,
        int exitCode,
        @Nullable String problem) {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final double OVER = 1;

    /**
     * How far the round is.
     *
     * @param share how much of it is over, less than 1
     * @param turn name of the arm that has its turn; null if none has
     */
    static RoundReply progress(double share, @Nullable String turn) {
        return new RoundReply(Math.min(share, Math.nextDown(OVER)), null, null, turn, 0, null);
    }

    /** Whether it is about an arm, and not only about how far the round is. */
    boolean aboutAnArm() {
        return share == OVER;
    }

    /**
     * Of an arm.
     *
     * @param sample null if it failed, which has been said then
     * @param jmh the same of what JMH says
     */
    static RoundReply of(@Nullable RoundSample sample, @Nullable RunResult jmh) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(new GZIPOutputStream(bytes))) {
            out.writeObject(jmh);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new RoundReply(OVER, sample, bytes.toByteArray(), null, 0, null);
    }

    static RoundReply of(Throwable problem) {
        return problem instanceof Problem known
                ? new RoundReply(OVER, null, null, null, known.exitCode(), known.getMessage())
                : new RoundReply(OVER, null, null, null, OperationFailed.EXIT_CODE, problem.toString());
    }

    /** One line, without its end. */
    String line() {
        try {
            return MAPPER.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("every reply can be written as JSON", e);
        }
    }

    /**
     * Reads a line.
     *
     * @throws Problem the one it tells of
     */
    static RoundReply parse(String line, String arm) {
        RoundReply reply;
        try {
            reply = MAPPER.readValue(line, RoundReply.class);
        } catch (JsonProcessingException e) {
            throw new OperationFailed(
                    "The measuring process of " + arm + " left a damaged sample: " + e.getOriginalMessage(), e);
        }
        if (reply.problem == null) {
            return reply;
        }
        throw switch (reply.exitCode) {
            case BadInput.EXIT_CODE -> new BadInput(reply.problem);
            case MachineCannot.EXIT_CODE -> MachineCannot.relayed(reply.problem);
            default -> new OperationFailed(reply.problem);
        };
    }

    /** What was measured; of an arm that did not fail. */
    RoundSample measured() {
        return Objects.requireNonNull(sample, "nothing was measured");
    }

    /** JMH's result: one fork of one benchmark; of an arm that did not fail. */
    RunResult runResult() {
        try (ObjectInputStream in = new ObjectInputStream(
                new GZIPInputStream(new ByteArrayInputStream(Objects.requireNonNull(jmh, "nothing was measured"))))) {
            return (RunResult) in.readObject();
        } catch (IOException | ClassNotFoundException e) {
            throw new OperationFailed("The measuring process left a damaged result of JMH: " + e.getMessage(), e);
        }
    }
}
