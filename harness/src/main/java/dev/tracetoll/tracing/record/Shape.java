package dev.tracetoll.tracing.record;

import dev.tracetoll.golang.Location;
import dev.tracetoll.golang.StackCheck;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.plan.TypeTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What decides which instructions capture a hit: where the variables are, and which of their references are followed. Sites of the same
 * shape share a program that is compiled for it; a site without a shape is captured by the program that interprets descriptions.
 *
 * @param isReturn whether a lost hit is a lost return
 * @param checkFlags of the stack check whose branch the site is; 0 if it is none
 * @param frameBytes how far above the stack pointer the return address is
 * @param bytes size of the first block
 * @param pieces the parts of the variables
 * @param onStack whether any of them is on the stack, where it may not be readable
 * @param texts strings and slices, in the order of the first block
 */
public record Shape(
        boolean isReturn,
        int checkFlags,
        int frameBytes,
        int bytes,
        List<SitePlan.Piece> pieces,
        boolean onStack,
        List<Text> texts) {

    /**
     * A string, or a slice whose elements refer to nothing.
     *
     * @param offset of its address in the block
     * @param address integer register that has the address of its first element
     * @param length integer register that has its length
     * @param type of an element, in the table of types
     * @param elementBytes size of an element
     * @param most elements captured
     * @param string whether it is a string, which seldom has a zero byte
     */
    public record Text(int offset, int address, int length, int type, int elementBytes, int most, boolean string) {
        /** How many elements are captured. */
        int shown(long of, long count) {
            return of == 0 || count <= 0 ? 0 : (int) Math.min(count, most);
        }
    }

    /** Each needs a register of its own. */
    private static final int MOST_TEXTS = 2;
    /** More is copied from the buffer of the program that interprets, which has a larger one. */
    private static final int MOST_TEXT_BYTES = 1024;

    /** The shape of a site; empty for one that only the program that interprets can capture. */
    public static Optional<Shape> of(SitePlan site, TracePlan plan) {
        if (site.function() == null
                || site.floatRegisters() > 0
                || site.function().anyR14()) {
            return Optional.empty();
        }
        List<Text> texts = new ArrayList<>();
        TypeTable.Entry layout = plan.types().entries().get(site.type());
        for (TypeTable.Reference reference : plan.types()
                .references()
                .subList(layout.firstReference(), layout.firstReference() + layout.references())) {
            if (reference.kind() == TypeTable.Kind.POINTER && plan.request().depth() == 0) {
                continue;
            }
            Optional<Text> text = text(reference, site, plan);
            if (text.isEmpty()) {
                return Optional.empty();
            }
            texts.add(text.get());
        }
        return texts.size() > MOST_TEXTS
                ? Optional.empty()
                : Optional.of(new Shape(
                        site.isReturn(),
                        site.site().check().map(StackCheck::flags).orElse(0),
                        site.site().frameBytes(),
                        site.size(),
                        site.pieces(),
                        site.pieces().stream().anyMatch(piece -> piece.part().location() instanceof Location.StackSlot),
                        texts));
    }

    private static Optional<Text> text(TypeTable.Reference reference, SitePlan site, TracePlan plan) {
        if (reference.kind() != TypeTable.Kind.STRING && reference.kind() != TypeTable.Kind.SLICE) {
            return Optional.empty();
        }
        TypeTable.Entry element = plan.types().entries().get(reference.target());
        int most = element.size() == 0 ? 0 : plan.types().shown(Long.MAX_VALUE, element.size());
        Optional<Integer> address = register(site, reference.offset());
        Optional<Integer> length = register(site, reference.offset() + Long.BYTES);
        return address.isEmpty()
                        || length.isEmpty()
                        || element.references() > 0
                        || most == 0
                        || most * element.size() > MOST_TEXT_BYTES
                ? Optional.empty()
                : Optional.of(new Text(
                        reference.offset(),
                        address.get(),
                        length.get(),
                        reference.target(),
                        element.size(),
                        most,
                        reference.kind() == TypeTable.Kind.STRING));
    }

    /** The integer register whose 8 bytes go to an offset of the block. */
    private static Optional<Integer> register(SitePlan site, int offset) {
        return site.pieces().stream()
                .filter(piece -> piece.offset() == offset && piece.part().size() == Long.BYTES)
                .map(piece -> piece.part().location())
                .flatMap(location -> location instanceof Location.IntRegister register
                        ? java.util.stream.Stream.of(register.index())
                        : java.util.stream.Stream.empty())
                .findFirst();
    }
}
