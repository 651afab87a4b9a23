package dev.tracetoll.tracing.inline;

import dev.tracetoll.tracing.plan.CaptureLimits;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.plan.TypeTable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the records of a site look like: a head; the variables, laid out as {@link SitePlan} says; and of each reference among them that is
 * followed what it leads to, padded to 8 bytes, unless a mark says that it was not to be read, with what that leads to in its turn behind it.
 *
 * @param bytes of the variables
 * @param references all that the variables have, with how they are followed; empty for one that is not
 */
record Layout(int bytes, List<Optional<Followed>> references) {

    /** In a record: the site's number. */
    static final int SITE = 0;

    static final int THREAD = 4;
    /** By the processor's time stamp counter. */
    static final int TIMESTAMP = 8;
    /** As {@link dev.tracetoll.tracing.record.RecordFormat#GOROUTINE}. */
    static final int GOROUTINE = 16;
    /** As {@link dev.tracetoll.tracing.record.RecordFormat#FRAME}. */
    static final int FRAME = 24;
    /** Bit 0: the stack is about to grow; bit i + 1: what the reference of number i leads to was not to be read. */
    static final int MARKS = 32;

    static final int HEAD_BYTES = 40;
    static final int GROWING = 1;
    /** More references than this are not followed: each has a mark, and code of its own. */
    private static final int MOST_FOLLOWED = 24;
    /** Of what one record may lead to more is not followed. */
    private static final int MOST_BYTES = 16 << 10;
    /** As many references are followed one behind the other: for what has others, there is a register. */
    static final int MOST_LEVELS = 3;

    /**
     * A reference that is followed.
     *
     * @param id its number among all that are followed
     * @param offset of its address in the variables, or in what leads to it
     * @param type what is there, in the table of types
     * @param elementBytes the size of one of them
     * @param most how many are captured at most
     * @param counted whether the word behind the address says how many there are; else there are as many
     * @param inner the references of what is there, where there is one, with how they are followed in their turn; else none
     */
    record Followed(
            int id, int offset, int type, int elementBytes, int most, boolean counted, List<Optional<Followed>> inner) {

        int mostBytes() {
            return CaptureLimits.padded(elementBytes * most);
        }

        /** The same with all that it leads to in its turn. */
        int mostBytesOfAll() {
            return mostBytes() + mostBytesOf(inner);
        }

        /**
         * How many are captured.
         *
         * @param parent where what has the reference begins
         */
        int count(ByteBuffer data, int parent) {
            if (data.getLong(parent + offset) == 0) {
                return 0;
            }
            return counted ? (int) Math.max(0, Math.min(most, data.getLong(parent + offset + Long.BYTES))) : most;
        }

        /** Whether {@link Layout#MARKS} say that what is there was not to be read. */
        boolean isUnreadable(int marks) {
            return (marks >>> id + 1 & 1) != 0;
        }

        /** Whether anything is followed in its turn. */
        boolean leadsOn() {
            return inner.stream().anyMatch(Optional::isPresent);
        }
    }

    static Layout of(SitePlan site, TracePlan plan) {
        Budget budget = new Budget();
        return new Layout(site.size(), inner(plan, site.type(), plan.request().depth(), 1, budget));
    }

    /** What may still be followed. */
    private static final class Budget {
        private int followed;
        private int bytes = MOST_BYTES;

        boolean allows(int more) {
            return followed < MOST_FOLLOWED && more <= bytes;
        }

        int take(int more) {
            bytes -= more;
            return followed++;
        }
    }

    private static List<Optional<Followed>> inner(TracePlan plan, int type, int depth, int level, Budget budget) {
        List<Optional<Followed>> references = new ArrayList<>();
        TypeTable.Entry entry = plan.types().entries().get(type);
        for (TypeTable.Reference reference : plan.types()
                .references()
                .subList(entry.firstReference(), entry.firstReference() + entry.references())) {
            references.add(followed(reference, plan, depth, level, budget));
        }
        return references;
    }

    private static Optional<Followed> followed(
            TypeTable.Reference reference, TracePlan plan, int depth, int level, Budget budget) {
        TypeTable types = plan.types();
        return switch (reference.kind()) {
            case STRING, SLICE -> {
                int size = types.entry(reference.target()).size();
                int most = size == 0 ? 0 : types.shown(Long.MAX_VALUE, size);
                int bytes = CaptureLimits.padded(size * most);
                yield most == 0 || !budget.allows(bytes)
                        ? Optional.empty()
                        : Optional.of(new Followed(
                                budget.take(bytes),
                                reference.offset(),
                                reference.target(),
                                size,
                                most,
                                true,
                                List.of()));
            }
            case POINTER, INDIRECT -> {
                int size = types.entry(reference.target()).size();
                int left = reference.kind() == TypeTable.Kind.INDIRECT ? depth : depth - 1;
                int bytes = CaptureLimits.padded(size);
                yield left < 0 || size == 0 || size > CaptureLimits.MAX_BLOCK_BYTES || !budget.allows(bytes)
                        ? Optional.empty()
                        : Optional.of(new Followed(
                                budget.take(bytes),
                                reference.offset(),
                                reference.target(),
                                size,
                                1,
                                false,
                                level == MOST_LEVELS
                                        ? List.of()
                                        : inner(plan, reference.target(), left, level + 1, budget)));
            }
            case FIXED ->
                budget.allows(reference.target())
                        ? Optional.of(new Followed(
                                budget.take(CaptureLimits.padded(reference.target())),
                                reference.offset(),
                                TypeTable.BYTES,
                                1,
                                reference.target(),
                                false,
                                List.of()))
                        : Optional.empty();
            case INTERFACE, EMPTY_INTERFACE, MAP -> Optional.empty();
        };
    }

    /**
     * Which variables of a site can lead to something that is not followed, as their names.
     *
     * @param site of the plan
     */
    List<String> unfollowed(SitePlan site, TracePlan plan) {
        List<String> names = new ArrayList<>();
        TypeTable.Entry entry = plan.types().entry(site.type());
        for (int variable = 0; variable < site.variables().size(); variable++) {
            int from = site.offset(variable);
            int to = from + site.variables().get(variable).type().size();
            for (int i = 0; from >= 0 && i < entry.references(); i++) {
                TypeTable.Reference reference = plan.types().references().get(entry.firstReference() + i);
                if (reference.offset() >= from
                        && reference.offset() < to
                        && leadsBeyond(reference, plan.types(), plan.request().depth(), references.get(i))) {
                    names.add(site.variables().get(variable).name());
                    break;
                }
            }
        }
        return names;
    }

    /** Whether what a reader wants of a reference, or of what it leads to, is not followed. */
    private static boolean leadsBeyond(
            TypeTable.Reference reference, TypeTable types, int depth, Optional<Followed> followed) {
        return switch (reference.kind()) {
            case STRING, SLICE -> {
                int size = types.entry(reference.target()).size();
                yield size > 0
                        && types.shown(Long.MAX_VALUE, size) > 0
                        && leadsBeyond(reference.target(), types, depth, followed);
            }
            case POINTER -> depth > 0 && leadsBeyond(reference.target(), types, depth - 1, followed);
            case INDIRECT -> leadsBeyond(reference.target(), types, depth, followed);
            case FIXED -> reference.target() > 0 && followed.isEmpty();
            case INTERFACE, EMPTY_INTERFACE, MAP -> true;
        };
    }

    /** The same of something of a type that a reference leads to, which is not followed itself if it has a size and nothing says how. */
    private static boolean leadsBeyond(int type, TypeTable types, int depth, Optional<Followed> followed) {
        TypeTable.Entry entry = types.entry(type);
        if (entry.size() == 0) {
            return false;
        }
        if (followed.isEmpty()) {
            return true;
        }
        List<Optional<Followed>> inner = followed.get().inner();
        for (int i = 0; i < entry.references(); i++) {
            if (leadsBeyond(
                    types.references().get(entry.firstReference() + i),
                    types,
                    depth,
                    i < inner.size() ? inner.get(i) : Optional.empty())) {
                return true;
            }
        }
        return false;
    }

    private static int mostBytesOf(List<Optional<Followed>> references) {
        return references.stream()
                .flatMap(Optional::stream)
                .mapToInt(Followed::mostBytesOfAll)
                .sum();
    }

    /** How many references there can be in all: their numbers are below. */
    static int mostFollowed() {
        return MOST_FOLLOWED;
    }

    /** How deep references that are followed lead to others. */
    int levels() {
        return levels(references);
    }

    private static int levels(List<Optional<Followed>> references) {
        return references.stream()
                .flatMap(Optional::stream)
                .mapToInt(each -> 1 + levels(each.inner))
                .max()
                .orElse(0);
    }

    /** Where what the references lead to begins. */
    int end() {
        return HEAD_BYTES + bytes;
    }

    /** How long a record is at most, with its length before it. */
    int mostBytes() {
        return Long.BYTES + end() + mostBytesOf(references);
    }
}
