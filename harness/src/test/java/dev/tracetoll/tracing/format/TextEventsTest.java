package dev.tracetoll.tracing.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.linux.process.ExitStatus;
import dev.tracetoll.testing.Golden;
import dev.tracetoll.tracing.FunctionTotal;
import dev.tracetoll.tracing.TraceEvent;
import dev.tracetoll.tracing.Value;
import dev.tracetoll.tracing.guard.Spending;
import dev.tracetoll.tracing.guard.TakenOff;
import dev.tracetoll.tracing.plan.SiteClass;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextEventsTest {

    private static final long NOON = 12 * 3_600_000_000_000L;

    @ParameterizedTest
    @ValueSource(strings = {"en-US", "tr-TR", "ar-EG"})
    void isTheGoldenFileInEveryLocale(String locale) throws IOException {
        Golden.inLocale(locale, () -> Golden.of(TextEventsTest.class).assertEqual("events.txt", render(false)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"en-US", "tr-TR", "ar-EG"})
    void totalsAreTheGoldenFilesInEveryLocale(String locale) throws IOException {
        Golden.inLocale(
                locale,
                () -> Golden.of(TextEventsTest.class).assertEqual("counted.txt", renderTotals(SampleTotals.counted())));
        Golden.inLocale(
                locale,
                () -> Golden.of(TextEventsTest.class)
                        .assertEqual("measured.txt", renderTotals(SampleTotals.measured())));
    }

    @Test
    void coloursChangeNothingElseInTotals() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new TextEvents(out, true, 0).write(SampleTotals.measured());
        assertThat(out.toString(StandardCharsets.UTF_8).replaceAll("\u001b\\[\\d*m", "")
                        + summaryLine(SampleTotals.measured()))
                .isEqualTo(renderTotals(SampleTotals.measured()));
    }

    private static String summaryLine(List<FunctionTotal> totals) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new TextEvents(out, false, 0)
                .write(TraceSummary.of(
                        totals,
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        OptionalLong.empty(),
                        Optional.empty()));
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void saysThatNoFunctionWasCalled() throws IOException {
        List<FunctionTotal> totals = List.of(SampleTotals.measured().get(0));
        assertThat(renderTotals(totals)).startsWith("1 function was not called\n---");
    }

    @Test
    void saysThatNothingWasCollected() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new TextEvents(out, false, 0).write(TraceSummary.ofNothing(Optional.of(new ExitStatus.Exited(0))));
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo("--- nothing was collected; the program exited with code 0\n");
    }

    static final Spending SPENDING = new Spending(
            0.05,
            0.913,
            List.of(
                    new TakenOff(SampleTotals.measured().get(0).function(), 1_234_567_890L, 51_234, 0.9),
                    new TakenOff(SampleTotals.measured().get(1).function(), 61_000_000_000L, 1, 0.012)));

    private static String summaryOf(Spending spending) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new TextEvents(out, false, 0)
                .write(TraceSummary.of(
                        List.of(),
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(spending),
                        OptionalLong.empty(),
                        Optional.empty()));
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void saysWhatTracingHasCost() throws IOException {
        String first = SampleTotals.measured().get(0).function().name();
        String second = SampleTotals.measured().get(1).function().name();
        assertThat(summaryOf(SPENDING))
                .isEqualTo("--- 0 calls, 0 returns, 0 without return, 0 events lost; tracing cost 91 % of a CPU in its "
                        + "dearest second, of 5 % allowed, so that there were taken off " + first
                        + " (after 1.2 s and 51234 calls, at 90 % of a CPU), " + second
                        + " (after 61.0 s and 1 call, at 1.2 % of a CPU)\n");
        assertThat(summaryOf(new Spending(1.5, 0.0004, List.of())))
                .endsWith("; tracing cost 0.040 % of a CPU in its dearest second, of 150 % allowed\n");
    }

    private static String renderTotals(List<FunctionTotal> totals) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TextEvents events = new TextEvents(out, false, 0);
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
    void coloursChangeNothingElse() throws IOException {
        String coloured = render(true);
        assertThat(coloured).contains("\u001b[");
        assertThat(coloured.replaceAll("\u001b\\[\\d*m", "")).isEqualTo(render(false));
    }

    @Test
    void noByteOfTheProgramReachesTheTerminalAsAControl() throws IOException {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        String text = line(new TraceEvent.Call(
                1,
                SampleEvents.function("main.f\u001b[31m\n"),
                1,
                1,
                0,
                0,
                SiteClass.EMULATED,
                List.of(SampleEvents.named("s\u009b", "string", new Value.Text(all, all.length)))));
        assertThat(text.codePoints()).allMatch(c -> c >= ' ' && c < 0x7f || c > 0xa0);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 ns",
        "999, 999 ns",
        "1000, 1.00 µs",
        "1234, 1.23 µs",
        "9994, 9.99 µs",
        "9995, 10.0 µs",
        "99949, 99.9 µs",
        "99950, 100 µs",
        "333333, 333 µs",
        "999499, 999 µs",
        "999500, 1.00 ms",
        "12345678, 12.3 ms",
        "999499999, 999 ms",
        "999500000, 1.00 s",
        "3600000000000, 3600 s"
    })
    void durationsHaveThreeDigitsAndAUnit(long ns, String expected) throws IOException {
        String text = line(new TraceEvent.Return(1, SampleEvents.INNER, 1, 1, 0, 0, ns, SiteClass.STEPPED, List.of()));
        assertThat(text).endsWith("(…) <" + expected + ">");
    }

    @Test
    void aDeepCallHasItsDepthAsANumber() throws IOException {
        assertThat(call(20)).endsWith(" g1     " + " ".repeat(40) + "main.Map[go.shape.int]()");
        assertThat(call(21)).endsWith(" g1     " + " ".repeat(40) + "[21] main.Map[go.shape.int]()");
        assertThat(call(8_000)).endsWith(" g1     " + " ".repeat(40) + "[8000] main.Map[go.shape.int]()");
    }

    private static String call(int depth) throws IOException {
        return line(new TraceEvent.Call(1, SampleEvents.INNER, 1, 1, depth, 0, SiteClass.EMULATED, List.of()));
    }

    /** As Go's {@code time.Duration.String} has them. */
    @ParameterizedTest
    @CsvSource({
        "0, 0s",
        "1, 1ns",
        "999, 999ns",
        "1000, 1µs",
        "1100, 1.1µs",
        "20000000, 20ms",
        "999999999, 999.999999ms",
        "1000000000, 1s",
        "1500000000, 1.5s",
        "60000000000, 1m0s",
        "3600000000000, 1h0m0s",
        "5445000000001, 1h30m45.000000001s",
        "-20000000, -20ms",
        "-5400000000000, -1h30m0s",
        "9223372036854775807, 2562047h47m16.854775807s",
        "-9223372036854775808, -2562047h47m16.854775808s"
    })
    void durationsOfTheProgramReadAsGoPrintsThem(long ns, String expected) throws IOException {
        assertThat(line(new TraceEvent.Call(
                        1,
                        SampleEvents.INNER,
                        1,
                        1,
                        0,
                        0,
                        SiteClass.EMULATED,
                        List.of(SampleEvents.named("d", "time.Duration", new Value.Duration(ns))))))
                .endsWith("(d=" + expected + ")");
    }

    @Test
    void aCallThatDoesNotReturnSoonHasALineOfItsOwn() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TextEvents text = new TextEvents(out, false, 0);
        text.write(new TraceEvent.Call(1, SampleEvents.INNER, 1, 1, 0, 0, SiteClass.EMULATED, List.of()));
        text.flush();
        assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("\n");
        text.flush();
        assertThat(out.toString(StandardCharsets.UTF_8)).endsWith("()\n");
        text.flush();
        text.write(new TraceEvent.Return(1, SampleEvents.INNER, 1, 1, 0, 0, 20, SiteClass.STEPPED, List.of()));
        assertThat(out.toString(StandardCharsets.UTF_8))
                .endsWith("()\n00:00:00.000000 g1     main.Map[go.shape.int](…) <20 ns>\n");
    }

    @Test
    void noInvisibleCharacterOfANameReachesTheTerminal() throws IOException {
        assertThat(line(new TraceEvent.Call(
                        1,
                        SampleEvents.function("main.ü\u202e\u200b\u2028"),
                        1,
                        1,
                        0,
                        0,
                        SiteClass.EMULATED,
                        List.of())))
                .endsWith("main.ü???()");
    }

    @Test
    void theTimeOfDayWrapsAround() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TextEvents text = new TextEvents(out, false, -1_000);
        text.write(new TraceEvent.Call(1, SampleEvents.INNER, 1, 1, 0, 0, SiteClass.EMULATED, List.of()));
        text.write(new TraceEvent.Call(2, SampleEvents.INNER, 1, 1, 0, 2_000, SiteClass.EMULATED, List.of()));
        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("23:59:59.999999 ")
                .contains("\n00:00:00.000001 ");
    }

    @Test
    void theSummarySaysHowTheProgramEnded() throws IOException {
        assertThat(summary(Optional.of(new ExitStatus.Killed(11))))
                .isEqualTo(
                        "--- 1 call, 0 returns, 1 without return, 7 events lost; the program was killed by SIGSEGV\n");
        assertThat(summary(Optional.empty())).isEqualTo("--- 1 call, 0 returns, 1 without return, 7 events lost\n");
    }

    private static String summary(Optional<ExitStatus> exit) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new TextEvents(out, false, 0).write(new TraceSummary(1, 0, 1, 0, 7, exit));
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String line(TraceEvent event) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new TextEvents(out, false, 0).write(event);
        return out.toString(StandardCharsets.UTF_8).stripTrailing();
    }

    private static String render(boolean coloured) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TextEvents text = new TextEvents(out, coloured, NOON);
        for (TraceEvent event : SampleEvents.events()) {
            text.write(event);
        }
        text.write(SampleEvents.SUMMARY);
        text.flush();
        return out.toString(StandardCharsets.UTF_8);
    }
}
