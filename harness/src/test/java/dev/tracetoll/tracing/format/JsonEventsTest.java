package dev.tracetoll.tracing.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tracetoll.linux.process.ExitStatus;
import dev.tracetoll.testing.Golden;
import dev.tracetoll.testing.TraceSchema;
import dev.tracetoll.tracing.FunctionTotal;
import dev.tracetoll.tracing.NamedValue;
import dev.tracetoll.tracing.TraceEvent;
import dev.tracetoll.tracing.Value;
import dev.tracetoll.tracing.plan.SiteClass;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonEventsTest {

    @ParameterizedTest
    @ValueSource(strings = {"en-US", "tr-TR", "ar-EG"})
    void isTheGoldenFileInEveryLocale(String locale) throws IOException {
        Golden.inLocale(locale, () -> Golden.of(JsonEventsTest.class).assertEqual("events.json", render()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"en-US", "tr-TR", "ar-EG"})
    void totalsAreTheGoldenFilesInEveryLocale(String locale) throws IOException {
        Golden.inLocale(
                locale,
                () -> Golden.of(JsonEventsTest.class)
                        .assertEqual("counted.json", renderTotals(SampleTotals.counted())));
        Golden.inLocale(
                locale,
                () -> Golden.of(JsonEventsTest.class)
                        .assertEqual("measured.json", renderTotals(SampleTotals.measured())));
    }

    @Test
    void totalsAddUpAndAreOfTheSchema() throws IOException {
        assertThat(TraceSchema.trace(
                        renderTotals(SampleTotals.counted()).lines().toList()))
                .hasSize(5);
        assertThat(TraceSchema.trace(
                        renderTotals(SampleTotals.measured()).lines().toList()))
                .hasSize(5);
        assertThat(TraceSchema.errors("{\"event\":\"total\",\"function\":\"main.f\",\"calls\":1,\"returns\":1}"))
                .isNotEmpty();
    }

    @Test
    void nothingCollectedIsNotZero() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JsonEvents json = new JsonEvents(out);
        json.write(TraceSummary.ofNothing(Optional.empty()));
        json.flush();
        JsonNode summary = TraceSchema.line(out.toString(StandardCharsets.UTF_8));
        assertThat(summary).filteredOn(JsonNode::isNull).hasSize(6);
    }

    @Test
    void saysWhatTracingHasCost() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JsonEvents json = new JsonEvents(out);
        json.write(TraceSummary.of(
                List.of(),
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.of(TextEventsTest.SPENDING),
                OptionalLong.empty(),
                Optional.empty()));
        json.flush();
        JsonNode spending =
                TraceSchema.line(out.toString(StandardCharsets.UTF_8)).get("spending");
        assertThat(spending.get("maxOverhead").doubleValue()).isEqualTo(0.05);
        assertThat(spending.get("takenOff").get(0).get("calls").longValue()).isEqualTo(51_234);
    }

    private static String renderTotals(List<FunctionTotal> totals) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JsonEvents events = new JsonEvents(out);
        events.write(totals);
        events.write(TraceSummary.of(
                totals,
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty()));
        events.flush();
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void everyLineIsOfTheSchema() throws IOException {
        assertThat(TraceSchema.trace(render().lines().toList()))
                .hasSize(SampleEvents.events().size() + 1);
    }

    @Test
    void everyBitOfAnIntegerIsThere() throws IOException {
        JsonNode values =
                TraceSchema.line(render().lines().findFirst().orElseThrow()).get("arguments");
        assertThat(value(values, "i64").bigIntegerValue()).isEqualTo("-9223372036854775808");
        assertThat(value(values, "u64").bigIntegerValue()).isEqualTo("18446744073709551615");
        assertThat(value(values, "exact").bigIntegerValue()).isEqualTo("9007199254740993");
    }

    /** Controls, line and paragraph separators, what turns text around, what has no width; one of them beyond U+FFFF. */
    @ParameterizedTest
    @ValueSource(
            ints = {
                0x00, 0x1b, 0x7f, 0x85, 0x9b, 0xad, 0x61c, 0x200b, 0x200d, 0x200e, 0x2028, 0x2029, 0x202a, 0x202e,
                0x2060, 0x2066, 0x2069, 0xfeff, 0xe0041
            })
    void invisibleCharactersAreEscapedAndMeanTheSame(int codePoint) throws IOException {
        String character = Character.toString(codePoint);
        String text = "é\"" + character + "\\\ud83d\ude00";
        Value.Text cut = new Value.Text(text.getBytes(StandardCharsets.UTF_8), 100);
        String name = codePoint > 0xffff ? "main.f" : "main.f" + character;
        String json = render(List.of(new TraceEvent.Call(
                1,
                SampleEvents.function(name),
                1,
                1,
                0,
                0,
                SiteClass.EMULATED,
                List.of(
                        SampleEvents.named("s", "string", SampleEvents.text(text)),
                        SampleEvents.named("t", "string", cut)))));
        assertThat(json).doesNotContain(character);
        JsonNode call = TraceSchema.line(json.lines().findFirst().orElseThrow());
        assertThat(call.get("function").asText()).isEqualTo(name);
        assertThat(value(call.get("arguments"), "s").asText()).isEqualTo(text);
        assertThat(value(call.get("arguments"), "t").get("prefix").asText()).isEqualTo(text);
    }

    @Test
    void whatCanBeSeenStaysAsItIs() throws IOException {
        String text = "é ü 漢字 \ud83d\ude00 \u05d0";
        assertThat(render(List.of(new TraceEvent.Call(
                        1,
                        SampleEvents.INNER,
                        1,
                        1,
                        0,
                        0,
                        SiteClass.EMULATED,
                        List.of(SampleEvents.named("s", "string", SampleEvents.text(text)))))))
                .contains("\"value\":\"" + text + "\"");
    }

    @Test
    void aDurationIsItsNanoseconds() throws IOException {
        String json = render(List.of(new TraceEvent.Call(
                1,
                SampleEvents.INNER,
                1,
                1,
                0,
                0,
                SiteClass.EMULATED,
                List.of(SampleEvents.named("d", "time.Duration", new Value.Duration(20_000_000))))));
        assertThat(json).contains("\"type\":\"time.Duration\",\"value\":20000000}");
    }

    @Test
    void aMapThatHoldsItselfIsWrittenAsDeepAsItWasRead() throws IOException {
        int levels = 500;
        Value value = new Value.Nil();
        for (int i = 0; i < levels; i++) {
            value = new Value.GoMap(1, Optional.of(List.of(new Value.Entry(new Value.Signed(i), value))));
        }
        TraceEvent.Call call = (TraceEvent.Call) SampleEvents.events().get(0);
        String json = render(List.of(new TraceEvent.Call(
                1, call.function(), 1, 1, 0, 0, SiteClass.EMULATED, List.of(new NamedValue("m", "main.self", value)))));
        assertThat(json.split("\"length\":1,", -1)).hasSize(levels + 1);
    }

    @Test
    void saysHowTheTargetEnded() throws IOException {
        assertThat(summary(Optional.of(new ExitStatus.Exited(255)))
                        .get("targetExit")
                        .asInt())
                .isEqualTo(255);
        assertThat(summary(Optional.of(new ExitStatus.Killed(11)))
                        .get("targetExit")
                        .asText())
                .isEqualTo("SIGSEGV");
        assertThat(summary(Optional.of(new ExitStatus.Killed(40)))
                        .get("targetExit")
                        .asText())
                .isEqualTo("signal 40");
        assertThat(summary(Optional.empty()).get("targetExit").isNull()).isTrue();
    }

    @Test
    void theSchemaRefusesWhatIsWrong() throws IOException {
        String call = render().lines().findFirst().orElseThrow();
        assertThat(TraceSchema.errors(call.replace(
                        "\"u8\",\"type\":\"uint8\",\"value\":255", "\"u8\",\"type\":\"uint8\",\"value\":256")))
                .isNotEmpty();
        assertThat(TraceSchema.errors(call.replace("\"value\":true}", "\"value\":\"true\"}")))
                .isNotEmpty();
        assertThat(TraceSchema.errors(call.replace("\"NaN\"", "\"nan\""))).isNotEmpty();
        assertThat(TraceSchema.errors(call.replace("\"depth\":0,", ""))).isNotEmpty();
        assertThat(TraceSchema.errors(call.replace("\"depth\":0,", "\"depth\":0,\"deep\":0,")))
                .isNotEmpty();
        assertThat(TraceSchema.errors(call.replace("\"depth\":0,", "\"depth\":0,\"depth\":0,")))
                .isNotEmpty();
        assertThat(TraceSchema.errors("{}")).isNotEmpty();
        assertThat(TraceSchema.errors(call + call)).isNotEmpty();
    }

    private static JsonNode summary(Optional<ExitStatus> exit) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JsonEvents json = new JsonEvents(out);
        json.write(new TraceSummary(1, 0, 1, 0, 7, exit));
        json.flush();
        return TraceSchema.line(out.toString(StandardCharsets.UTF_8));
    }

    private static JsonNode value(JsonNode values, String name) {
        for (JsonNode value : values) {
            if (value.get("name").asText().equals(name)) {
                return value.get("value");
            }
        }
        throw new AssertionError("no " + name);
    }

    private static String render() throws IOException {
        return render(SampleEvents.events());
    }

    private static String render(List<TraceEvent> events) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JsonEvents json = new JsonEvents(out);
        for (TraceEvent event : events) {
            json.write(event);
        }
        json.write(SampleEvents.SUMMARY);
        json.flush();
        return out.toString(StandardCharsets.UTF_8);
    }
}
