package dev.tracetoll.tracing.inline;

import dev.tracetoll.tracing.plan.CaptureLimits;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.plan.TypeTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the records of a site look like: a head; the variables, laid out as {@link SitePlan} says; and of each reference among them that is
 * followed what it leads to, padded to 8 bytes, unless a mark says that it was not to be read.
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
    /** Bit 0: the stack is about to grow; bit i + 1: what reference i leads to was not to be read. */
    static final int MARKS = 32;

    static final int HEAD_BYTES = 40;
    static final int GROWING = 1;
    /** More references than this are not followed: each has a mark, and code of its own. */
    private static final int MOST_FOLLOWED = 16;
    /** Of what one record may lead to more is not followed. */
    private static final int MOST_BYTES = 16 << 10;

    /**
     * A reference that is followed.
     *
     * @param offset of its address in the variables
     * @param type what is there, in the table of types
     * @param elementBytes the size of one of them
     * @param most how many are captured at most
     * @param counted whether the word behind the address says how many there are; else there is one
     */
    record Followed(int offset, int type, int elementBytes, int most, boolean counted) {
        int mostBytes() {
            return CaptureLimits.padded(elementBytes * most);
        }
    }

    static Layout of(SitePlan site, TracePlan plan) {
        List<Optional<Followed>> references = new ArrayList<>();
        TypeTable types = plan.types();
        TypeTable.Entry layout = types.entries().get(site.type());
        int room = MOST_BYTES;
        for (TypeTable.Reference reference :
                types.references().subList(layout.firstReference(), layout.firstReference() + layout.references())) {
            int left = room;
            Optional<Followed> followed = references.size() < MOST_FOLLOWED
                    ? followed(reference, plan).filter(each -> each.mostBytes() <= left)
                    : Optional.empty();
            room -= followed.map(Followed::mostBytes).orElse(0);
            references.add(followed);
        }
        return new Layout(site.size(), references);
    }

    private static Optional<Followed> followed(TypeTable.Reference reference, TracePlan plan) {
        TypeTable types = plan.types();
        return switch (reference.kind()) {
            case STRING, SLICE -> {
                int size = types.entry(reference.target()).size();
                int most = size == 0 ? 0 : types.shown(Long.MAX_VALUE, size);
                yield most == 0
                        ? Optional.empty()
                        : Optional.of(new Followed(reference.offset(), reference.target(), size, most, true));
            }
            case POINTER, INDIRECT -> {
                int size = types.entry(reference.target()).size();
                boolean wanted = reference.kind() == TypeTable.Kind.INDIRECT
                        || plan.request().depth() > 0;
                yield wanted && size > 0 && size <= CaptureLimits.MAX_BLOCK_BYTES
                        ? Optional.of(new Followed(reference.offset(), reference.target(), size, 1, false))
                        : Optional.empty();
            }
            case FIXED -> Optional.of(new Followed(reference.offset(), TypeTable.BYTES, 1, reference.target(), false));
            case INTERFACE, EMPTY_INTERFACE, MAP -> Optional.empty();
        };
    }

    /** Where what the references lead to begins. */
    int end() {
        return HEAD_BYTES + bytes;
    }

    /** How long a record is at most, with its length before it. */
    int mostBytes() {
        return Long.BYTES
                + end()
                + references.stream()
                        .flatMap(Optional::stream)
                        .mapToInt(Followed::mostBytes)
                        .sum();
    }
}
