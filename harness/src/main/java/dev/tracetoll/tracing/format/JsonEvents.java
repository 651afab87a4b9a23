package dev.tracetoll.tracing.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.core.io.SerializedString;
import dev.tracetoll.linux.process.ExitStatus;
import dev.tracetoll.text.Invisible;
import dev.tracetoll.tracing.DurationHistogram;
import dev.tracetoll.tracing.ErrorCount;
import dev.tracetoll.tracing.FunctionTotal;
import dev.tracetoll.tracing.NamedValue;
import dev.tracetoll.tracing.TraceEvent;
import dev.tracetoll.tracing.Value;
import dev.tracetoll.tracing.guard.Spending;
import dev.tracetoll.tracing.guard.TakenOff;
import dev.tracetoll.tracing.plan.SiteClass;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Events as JSON, one object a line; {@code docs/trace.schema.json} describes every line.
 *
 * <p>A string that was cut inside a character is cut back to the last whole one, so that a prefix of valid UTF-8 stays text; if anything
 * before is invalid, all captured bytes are given in hexadecimal. If two fields of a struct have the same name, the second is called
 * {@code name#2}, the third {@code name#3}: no Go identifier has a {@code #}, and no JSON object should have a key twice. Of a return
 * whose call was not seen, {@code id} and {@code durationNs} are null. {@link Invisible} characters are escaped, so that a line shows what it has.
 */
public final class JsonEvents implements EventWriter {

    /** A map that holds itself is shown as often as a record has room for, each time three levels deeper. */
    private static final int DEEPEST = 10_000;

    /** The fast writer is the one that writes the shortest digits that mean the same number; JDK 17's own sometimes writes more. */
    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .rootValueSeparator("")
            .streamWriteConstraints(
                    StreamWriteConstraints.builder().maxNestingDepth(DEEPEST).build())
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .characterEscapes(new InvisibleEscapes())
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
            .build();

    /** Of names; those beyond U+FFFF are left as they are. */
    private static final class InvisibleEscapes extends CharacterEscapes {
        @Override
        public int[] getEscapeCodesForAscii() {
            int[] codes = CharacterEscapes.standardAsciiEscapesForJSON();
            codes[DELETE] = CharacterEscapes.ESCAPE_STANDARD;
            return codes;
        }

        @Override
        public @Nullable SerializableString getEscapeSequence(int unit) {
            return Invisible.is(unit) ? new SerializedString(InvisibleInJson.escape((char) unit)) : null;
        }
    }

    // What is in every line is encoded once.
    private static final SerializableString ID = new SerializedString("id");
    private static final SerializableString DURATION_NS = new SerializedString("durationNs");
    private static final SerializableString GOROUTINE = new SerializedString("goroutine");
    private static final SerializableString EVENT = new SerializedString("event");
    private static final SerializableString WHY = new SerializedString("why");
    private static final SerializableString FUNCTION = new SerializedString("function");
    private static final SerializableString THREAD = new SerializedString("thread");
    private static final SerializableString DEPTH = new SerializedString("depth");
    private static final SerializableString TIMESTAMP_NS = new SerializedString("timestampNs");
    private static final SerializableString SITE = new SerializedString("site");
    private static final SerializableString NAME = new SerializedString("name");
    private static final SerializableString TYPE = new SerializedString("type");
    private static final SerializableString VALUE = new SerializedString("value");
    private static final SerializableString ARGUMENTS = new SerializedString("arguments");
    private static final SerializableString RESULTS = new SerializedString("results");

    private static final int DELETE = 0x7f;
    private static final HexFormat HEX = HexFormat.of();

    private final JsonGenerator json;
    /** Words and names of the program as they are written, without their quotation marks: there are few, and each is written many times. */
    private final Map<String, byte[]> words = new HashMap<>();

    public JsonEvents(OutputStream out) {
        try {
            json = FACTORY.createGenerator(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void write(TraceEvent event) throws IOException {
        json.writeStartObject();
        if (event instanceof TraceEvent.Call call) {
            word(EVENT, "call");
            number(ID, call.id());
            where(
                    call.function().name(),
                    call.goroutine(),
                    call.thread(),
                    call.depth(),
                    call.timestampNs(),
                    call.site());
            values(ARGUMENTS, call.arguments());
        } else if (event instanceof TraceEvent.Return returned) {
            word(EVENT, "return");
            number(ID, returned.id());
            where(
                    returned.function().name(),
                    returned.goroutine(),
                    returned.thread(),
                    returned.depth(),
                    returned.timestampNs(),
                    returned.site());
            number(DURATION_NS, returned.durationNs());
            values(RESULTS, returned.results());
        } else if (event instanceof TraceEvent.UnpairedReturn unpaired) {
            word(EVENT, "unpairedReturn");
            where(
                    unpaired.function().name(),
                    unpaired.goroutine(),
                    unpaired.thread(),
                    unpaired.depth(),
                    unpaired.timestampNs(),
                    unpaired.site());
            json.writeFieldName(WHY);
            json.writeString(unpaired.why());
            values(RESULTS, unpaired.results());
        } else if (event instanceof TraceEvent.NoReturn never) {
            word(EVENT, "noReturn");
            number(ID, never.id());
            word(FUNCTION, never.function().name());
            number(GOROUTINE, never.goroutine());
            json.writeFieldName(WHY);
            json.writeString(never.why());
        }
        endLine();
    }

    @Override
    public void write(List<FunctionTotal> totals) throws IOException {
        for (FunctionTotal total : totals.stream()
                .filter(FunctionTotal::seen)
                .sorted(FunctionTotal.MOST_FIRST)
                .toList()) {
            json.writeStartObject();
            json.writeStringField("event", "total");
            json.writeStringField("function", total.function().name());
            json.writeNumberField("calls", total.calls());
            if (total.durations().isPresent()) {
                json.writeNumberField("returns", total.returns());
                json.writeNumberField("noReturns", total.noReturns());
                json.writeNumberField("unpairedReturns", total.unpairedReturns());
                json.writeNumberField("lost", total.lost());
                durations(total.durations().get());
                errors(total.errors());
            }
            endLine();
        }
    }

    private void errors(Optional<ErrorCount> errors) throws IOException {
        if (errors.isEmpty()) {
            json.writeNullField("errors");
            return;
        }
        json.writeNumberField("errors", errors.get().failed());
        if (errors.get().unknown() > 0) {
            json.writeNumberField("unknownErrors", errors.get().unknown());
        }
    }

    private void durations(DurationHistogram durations) throws IOException {
        if (durations.buckets().isEmpty()) {
            json.writeNullField("durationNs");
            return;
        }
        json.writeObjectFieldStart("durationNs");
        json.writeNumberField("count", durations.count());
        json.writeNumberField("sum", durations.sumNs());
        json.writeNumberField("min", durations.minNs());
        json.writeNumberField("p50", durations.percentileNs(50));
        json.writeNumberField("p90", durations.percentileNs(90));
        json.writeNumberField("p99", durations.percentileNs(99));
        json.writeNumberField("max", durations.maxNs());
        json.writeNumberField("percentileError", DurationHistogram.PERCENTILE_ERROR);
        json.writeArrayFieldStart("buckets");
        for (DurationHistogram.Bucket bucket : durations.buckets()) {
            json.writeStartArray();
            json.writeNumber(bucket.fromNs());
            json.writeNumber(bucket.toNs());
            json.writeNumber(bucket.count());
            json.writeEndArray();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    @Override
    public void write(TraceSummary summary) throws IOException {
        json.writeStartObject();
        json.writeStringField("event", "summary");
        numberOrNull("calls", summary.calls(), summary.collected());
        numberOrNull("returns", summary.returns(), summary.collected());
        numberOrNull("noReturns", summary.noReturns(), summary.collected());
        numberOrNull("unpairedReturns", summary.unpairedReturns(), summary.collected());
        numberOrNull("lost", summary.lost(), summary.collected());
        if (summary.errors().isPresent()) {
            errors(summary.errors());
        }
        if (summary.fallback().isPresent()) {
            fallback(summary.fallback().get());
        }
        if (summary.sampled().isPresent()) {
            sampled(summary.sampled().get());
        }
        if (summary.spending().isPresent()) {
            spending(summary.spending().get());
        }
        if (summary.sufficientRingBytes().isPresent()) {
            json.writeNumberField(
                    "sufficientRingBytes", summary.sufficientRingBytes().getAsLong());
        }
        json.writeFieldName("targetExit");
        ExitStatus status = summary.targetExit().orElse(null);
        if (status instanceof ExitStatus.Exited exited) {
            json.writeNumber(exited.code());
        } else if (status instanceof ExitStatus.Killed killed) {
            json.writeString(killed.signalName());
        } else {
            json.writeNull();
        }
        endLine();
    }

    private void fallback(TraceSummary.Fallback fallback) throws IOException {
        json.writeObjectFieldStart("fallback");
        json.writeStringField("backend", fallback.technique().name());
        json.writeNumberField("events", fallback.events());
        json.writeEndObject();
    }

    private void sampled(TraceSummary.Sampled sampled) throws IOException {
        json.writeObjectFieldStart("sampled");
        json.writeStringField("by", sampled.how().by().toString());
        json.writeNumberField("of", sampled.how().of());
        json.writeNumberField("leftOutCalls", sampled.leftOutCalls());
        json.writeNumberField("leftOutReturns", sampled.leftOutReturns());
        json.writeEndObject();
    }

    private void spending(Spending spending) throws IOException {
        json.writeObjectFieldStart("spending");
        json.writeNumberField("maxOverhead", spending.allowed());
        json.writeNumberField("mostOverhead", spending.most());
        json.writeArrayFieldStart("takenOff");
        for (TakenOff off : spending.takenOff()) {
            json.writeStartObject();
            json.writeStringField("function", off.function().name());
            json.writeNumberField("afterNs", off.afterNs());
            json.writeNumberField("calls", off.calls());
            json.writeNumberField("overhead", off.share());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    @Override
    public void flush() throws IOException {
        json.flush();
    }

    private void where(String function, long goroutine, int thread, int depth, long timestampNs, SiteClass site)
            throws IOException {
        word(FUNCTION, function);
        number(GOROUTINE, goroutine);
        number(THREAD, thread);
        number(DEPTH, depth);
        number(TIMESTAMP_NS, timestampNs);
        word(SITE, site.word());
    }

    private void number(SerializableString field, long number) throws IOException {
        json.writeFieldName(field);
        json.writeNumber(number);
    }

    private void word(SerializableString field, String word) throws IOException {
        json.writeFieldName(field);
        byte[] bytes = words.get(word);
        if (bytes == null) {
            bytes = quoted(word).getBytes(StandardCharsets.UTF_8);
            words.put(word, bytes);
        }
        json.writeRawUTF8String(bytes, 0, bytes.length);
    }

    private static String quoted(String text) {
        return InvisibleInJson.escaped(
                new String(JsonStringEncoder.getInstance().quoteAsString(text)));
    }

    private void numberOrNull(String name, long number, boolean known) throws IOException {
        if (known) {
            json.writeNumberField(name, number);
        } else {
            json.writeNullField(name);
        }
    }

    private void endLine() throws IOException {
        json.writeEndObject();
        json.writeRaw('\n');
    }

    private void values(SerializableString name, List<NamedValue> values) throws IOException {
        json.writeFieldName(name);
        json.writeStartArray();
        for (NamedValue value : values) {
            json.writeStartObject();
            word(NAME, value.name());
            word(TYPE, value.type());
            json.writeFieldName(VALUE);
            value(value.value());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void value(Value value) throws IOException {
        if (value instanceof Value.Signed number) {
            json.writeNumber(number.value());
        } else if (value instanceof Value.Duration duration) {
            json.writeNumber(duration.ns());
        } else if (value instanceof Value.Unsigned number) {
            unsigned(number.value());
        } else if (value instanceof Value.Text text) {
            text(text);
        } else if (value instanceof Value.Bool bool) {
            json.writeBoolean(bool.value());
        } else if (value instanceof Value.Float64 number) {
            if (Double.isFinite(number.value())) {
                json.writeNumber(number.value());
            } else {
                json.writeString(notFinite(number.value()));
            }
        } else if (value instanceof Value.Float32 number) {
            if (Float.isFinite(number.value())) {
                json.writeNumber(number.value());
            } else {
                json.writeString(notFinite(number.value()));
            }
        } else if (value instanceof Value.Nil) {
            json.writeNull();
        } else if (value instanceof Value.Elements elements) {
            elements(elements);
        } else {
            object(value);
        }
    }

    private void object(Value value) throws IOException {
        json.writeStartObject();
        if (value instanceof Value.Struct struct) {
            fields(struct.fields());
        } else if (value instanceof Value.Pointer pointer) {
            json.writeStringField("address", "0x" + Long.toHexString(pointer.address()));
            if (pointer.value().isPresent()) {
                json.writeFieldName("value");
                value(pointer.value().get());
            }
        } else if (value instanceof Value.Interface boxed) {
            json.writeStringField("dynamicType", boxed.dynamicType());
            json.writeFieldName("value");
            value(boxed.value());
        } else if (value instanceof Value.GoMap map) {
            json.writeNumberField("length", map.length());
            if (map.entries().isPresent()) {
                entries(map.entries().get());
            }
        } else if (value instanceof Value.Channel channel) {
            json.writeNumberField("length", channel.length());
            json.writeNumberField("capacity", channel.capacity());
        } else if (value instanceof Value.Func func) {
            json.writeStringField("function", func.function());
        } else if (value instanceof Value.Complex complex) {
            json.writeFieldName("real");
            value(complex.real());
            json.writeFieldName("imag");
            value(complex.imaginary());
        } else if (value instanceof Value.Unreadable unreadable) {
            json.writeStringField("unreadable", unreadable.why());
        } else {
            throw new IllegalStateException("no JSON for " + value.getClass());
        }
        json.writeEndObject();
    }

    private void unsigned(long bits) throws IOException {
        if (bits >= 0) {
            json.writeNumber(bits);
        } else {
            json.writeNumber(Long.toUnsignedString(bits));
        }
    }

    private static String notFinite(double number) {
        return Double.isNaN(number) ? "NaN" : number > 0 ? "+Inf" : "-Inf";
    }

    private void text(Value.Text text) throws IOException {
        byte[] bytes = text.bytes();
        int whole = Utf8.wholeCharacters(bytes);
        boolean cut = bytes.length < text.length();
        boolean readable = cut ? whole >= 0 : whole == bytes.length;
        if (readable && !cut) {
            string(bytes, whole);
            return;
        }
        json.writeStartObject();
        if (readable) {
            json.writeFieldName("prefix");
            string(bytes, whole);
        } else {
            json.writeStringField("hex", HEX.formatHex(bytes));
        }
        if (cut) {
            json.writeNumberField("length", text.length());
        }
        json.writeEndObject();
    }

    private void string(byte[] utf8, int length) throws IOException {
        if (!InvisibleInJson.isIn(utf8, length)) {
            json.writeUTF8String(utf8, 0, length);
            return;
        }
        json.writeRawValue('"' + quoted(new String(utf8, 0, length, StandardCharsets.UTF_8)) + '"');
    }

    private void elements(Value.Elements elements) throws IOException {
        boolean cut = elements.elements().size() < elements.length();
        if (cut) {
            json.writeStartObject();
            json.writeFieldName("elements");
        }
        json.writeStartArray();
        for (Value element : elements.elements()) {
            value(element);
        }
        json.writeEndArray();
        if (cut) {
            json.writeNumberField("length", elements.length());
            json.writeEndObject();
        }
    }

    private void fields(List<Value.Field> fields) throws IOException {
        for (int i = 0; i < fields.size(); i++) {
            String name = fields.get(i).name();
            int sameName = 1;
            for (int before = 0; before < i; before++) {
                if (fields.get(before).name().equals(name)) {
                    sameName++;
                }
            }
            json.writeFieldName(sameName == 1 ? name : name + "#" + sameName);
            value(fields.get(i).value());
        }
    }

    private void entries(List<Value.Entry> entries) throws IOException {
        json.writeArrayFieldStart("entries");
        for (Value.Entry entry : entries) {
            json.writeStartArray();
            value(entry.key());
            value(entry.value());
            json.writeEndArray();
        }
        json.writeEndArray();
    }
}
