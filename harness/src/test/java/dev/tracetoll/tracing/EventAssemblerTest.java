package dev.tracetoll.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.golang.ProbeSite;
import dev.tracetoll.golang.ProgramTypes;
import dev.tracetoll.golang.RuntimeLayout;
import dev.tracetoll.golang.Signature;
import dev.tracetoll.golang.SiteClass;
import dev.tracetoll.golang.SiteKind;
import dev.tracetoll.golang.TracedFunction;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class EventAssemblerTest {

    private static final int CALL = 0;
    private static final int RETURN = 1;
    private static final int MANY = EventAssembler.MOST_STACKS + 1_000;
    private static final long FRAME = 64;

    private final List<TraceEvent> events = new ArrayList<>();
    private final EventAssembler assembler = new EventAssembler(plan(), events::add);
    private long clockNs;

    @Test
    void everyGoroutineIsRememberedWhileNothingIsLost() {
        hits(CALL, 1, MANY);
        hits(RETURN, 1, MANY);

        assertThat(events).hasSize(2 * MANY);
        assertThat(events.subList(MANY, 2 * MANY)).allSatisfy(event -> assertThat(((TraceEvent.Return) event).id()).isPositive());
        assertThat(assembler.counts(0, 0)).isEqualTo(new TraceCounts(MANY, MANY, 0, 0, 0));
    }

    @Test
    void goroutinesWhoseReturnsMayBeLostAreForgottenWhenThereAreTooMany() {
        hits(CALL, 1, 2);
        assembler.lostSoFar(1);
        hits(CALL, 3, EventAssembler.MOST_STACKS);
        hit(RETURN, 2);
        hit(CALL, 2);
        events.clear();

        hits(CALL, EventAssembler.MOST_STACKS + 1, MANY);

        List<TraceEvent.NoReturn> forgotten = events.stream().filter(TraceEvent.NoReturn.class::isInstance)
                .map(TraceEvent.NoReturn.class::cast).toList();
        assertThat(forgotten).hasSize(1_000).allSatisfy(each -> assertThat(each.why()).contains("lost"));
        // Goroutine 2 has just been seen.
        assertThat(forgotten).extracting(TraceEvent.NoReturn::goroutine).startsWith(1L, 3L, 4L).doesNotContain(2L);
        assembler.close("exit");
        TraceCounts counts = assembler.counts(0, 1);
        assertThat(counts.calls()).isEqualTo(counts.returns() + counts.noReturns());
    }

    private void hits(int site, int firstGoroutine, int lastGoroutine) {
        for (int goroutine = firstGoroutine; goroutine <= lastGoroutine; goroutine++) {
            hit(site, goroutine);
        }
    }

    private void hit(int site, int goroutine) {
        ByteBuffer record = ByteBuffer.allocate(RecordFormat.HEADER_BYTES + RecordFormat.BLOCK_HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        record.putInt(RecordFormat.SITE, site).putLong(RecordFormat.TIMESTAMP_NS, ++clockNs).putLong(RecordFormat.GOROUTINE, goroutine)
                .putLong(RecordFormat.FRAME, FRAME).putInt(RecordFormat.LENGTH, record.capacity());
        assembler.record(record, register -> null);
    }

    private static TracePlan plan() {
        TracedFunction function = new TracedFunction("main.work", List.of(), List.of(), site(SiteKind.ENTRY, 0x1000),
                List.of(site(SiteKind.RETURN, 0x1010)), new Signature(Signature.Kind.KNOWN, ""), false);
        RuntimeLayout runtime = new RuntimeLayout(152, 8, OptionalInt.of(-8), Optional.empty(), Optional.empty(), Optional.empty());
        return new TracePlan(new TraceRequest(Path.of("program"), List.of(function), runtime, ProgramTypes.none(), true, 64, 1));
    }

    private static ProbeSite site(SiteKind kind, long address) {
        return new ProbeSite(kind, address, address, new byte[] {(byte) 0xc3}, "ret", SiteClass.STEPPED, Optional.empty());
    }
}
