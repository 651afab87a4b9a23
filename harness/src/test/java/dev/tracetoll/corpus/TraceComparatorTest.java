package dev.tracetoll.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceComparatorTest {

    private static final String FIRST = """
            {"function":"main.f001","call":0,"arguments":[
            {"name":"n","type":"int8","kinds":"int8","value":-7},
            {"name":"u","type":"uint64","kinds":"uint64","value":18446744073709551615},
            {"name":"f","type":"float32","kinds":"float32","value":1.1e+00},
            {"name":"d","type":"float64","kinds":"float64","value":-0e+00},
            {"name":"c","type":"complex128","kinds":"complex128","value":{"real":2.5e+00,"imag":"NaN"}},
            {"name":"s","type":"string","kinds":"string","value":{"prefix":"abc","length":99}},
            {"name":"b","type":"[]uint8","kinds":"bytes","value":{"hex":"ff"}},
            {"name":"l","type":"[]string","kinds":{"kind":"slice","of":["string","string"]},"value":{"elements":["x","y"],"length":3}},
            {"name":"p","type":"*int","kinds":{"kind":"pointer","of":["int"]},"value":{"address":"0xc000","value":12}},
            {"name":"q","type":"*int","kinds":"pointer","value":{"address":"0xc008"}},
            {"name":"nil","type":"*int","kinds":"pointer","value":null}],"results":[
            {"name":"~r0","type":"main.T","kinds":{"kind":"struct","of":["bool",{"kind":"interface","of":["uint8"]}]},
            "value":{"A":true,"B":{"dynamicType":"main.code","value":5}}}]}""";
    private static final String SECOND = """
            {"function":"main.g[...]","call":0,"arguments":[
            {"name":"_","type":"map[int]int","kinds":"map","value":null},
            {"name":"m","type":"map[int]string","kinds":{"kind":"map","shown":2,"of":["int","string","int","string","int","string"]},
            "value":{"length":3,"entries":[[1,"one"],[2,"two"],[3,"three"]]}},
            {"name":"h","type":"chan int","kinds":"chan","value":{"length":1,"capacity":2}}],"results":[
            {"name":"~r0","type":"func()","kinds":"func","value":{"function":"main.h[...]"}}]}""";

    private final List<TruthCall> truth = new ArrayList<>();
    private List<JsonNode> trace;

    @BeforeEach
    void readTruth() throws IOException {
        truth.add(TruthCall.parse(FIRST));
        truth.add(TruthCall.parse(SECOND));
        truth.add(TruthCall.parse(FIRST.replace("-7", "8")));
        trace = PerfectTrace.of(truth);
    }

    private TraceComparator.Result compare(String... unreadable) {
        return TraceComparator.compare(
                truth, trace, new UnreadableList(List.of(unreadable)), "ebpf", "newest-optimised");
    }

    /** Changes every line of the trace. */
    private void change(String from, String to) throws IOException {
        List<JsonNode> changed = new ArrayList<>();
        boolean found = false;
        for (JsonNode line : trace) {
            found |= line.toString().contains(from);
            changed.add(new ObjectMapper().readTree(line.toString().replace(from, to)));
        }
        assertThat(found).as("%s is in the trace", from).isTrue();
        trace = changed;
    }

    @Test
    void aPerfectTraceHasNoDifferences() {
        TraceComparator.Result result = compare();
        assertThat(result.differences()).isEmpty();
        assertThat(result.tallies().get("int8").equal()).isEqualTo(2);
        assertThat(result.tallies().get("string").equal()).isEqualTo(9);
        assertThat(result.tallies())
                .containsKeys("complex128", "interface", "struct", "pointer", "map", "chan", "func", "bytes", "slice");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "\"value\":-7 | \"value\":-8",
                "\"value\":-7 | \"value\":249",
                "\"value\":-7 | \"value\":\"-7\"",
                "18446744073709551615 | -1",
                "18446744073709551615 | 18446744073709551614",
                "18446744073709551615 | 18446744073709552000.0",
                ":1.1 | :1.1000003",
                "-0.0 | 0.0",
                "-0.0 | null",
                "\"NaN\" | \"+Inf\"",
                "\"real\":2.5 | \"real\":2.5000000000000004",
                "\"real\": | \"re\":",
                "\"prefix\":\"abc\" | \"prefix\":\"abd\"",
                "\"length\":99 | \"length\":98",
                "{\"prefix\":\"abc\",\"length\":99} | \"abc\"",
                "{\"hex\":\"ff\"} | {\"hex\":\"fe\"}",
                "{\"hex\":\"ff\"} | null",
                "[\"x\",\"y\"] | [\"x\"]",
                "[\"x\",\"y\"] | [\"x\",\"z\"]",
                "\"length\":3 | \"length\":2",
                "{\"elements\":[\"x\",\"y\"],\"length\":3} | [\"x\",\"y\"]",
                "0xc000 | 0xc001",
                "\"value\":12 | \"value\":13",
                ",\"value\":12 | ''",
                "{\"address\":\"0xc008\"} | {\"address\":\"0xc008\",\"value\":0}",
                "{\"address\":\"0xc008\"} | null",
                "\"type\":\"*int\",\"value\":null | \"type\":\"*int\",\"value\":{\"address\":\"0x1\"}",
                "\"A\":true | \"A\":false",
                "\"A\":true | \"a\":true",
                "\"A\":true, | ''",
                "\"A\":true | \"A\":true,\"C\":1",
                "main.code | main.other",
                "{\"dynamicType\":\"main.code\",\"value\":5} | 5",
                "\"length\":3,\"entries | \"length\":4,\"entries",
                ",\"entries\":[[1,\"one\"],[2,\"two\"],[3,\"three\"]] | ''",
                "[1,\"one\"],[2,\"two\"],[3,\"three\"] | ''",
                "[1,\"one\"],[2,\"two\"],[3,\"three\"] | [2,\"two\"]",
                "[1,\"one\"],[2,\"two\"],[3,\"three\"] | [2,\"two\"],[2,\"two\"]",
                "[3,\"three\"] | [3,\"three\"],[3,\"three\"]",
                "[3,\"three\"] | [4,\"three\"]",
                "[3,\"three\"] | [3,\"two\"]",
                "[3,\"three\"] | [3,{\"unreadable\":\"because\"}]",
                "\"capacity\":2 | \"capacity\":1",
                "main.h[...] | main.i",
                "\"name\":\"n\" | \"name\":\"m\"",
                "\"name\":\"h\" | \"name\":\"_\"",
                "\"type\":\"int8\" | \"type\":\"uint8\"",
                "\"type\":\"chan int\" | \"type\":\"chan uint\"",
                "{\"length\":1,\"capacity\":2} | {\"unreadable\":\"because\"}",
                "\"value\":12 | \"value\":{\"unreadable\":\"because\"}",
                "\"function\":\"main.f001\" | \"function\":\"main.f002\"",
                "\"event\":\"return\" | \"event\":\"noReturn\"",
                "\"event\":\"return\" | \"event\":\"pause\"",
                "\"id\":3 | \"id\":1",
                "\"event\":\"return\",\"id\":3 | \"event\":\"return\",\"id\":null",
                "\"lost\":0 | \"lost\":1",
            })
    void everyDifferenceIsFound(String from, String to) throws IOException {
        change(from, to.equals("''") ? "" : to);
        assertThat(compare().differences()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                ":1.1 | :1.10000002384185791015625",
                "\"real\":2.5 | \"real\":25e-1",
                "main.g[...] | main.g[go.shape.int]",
                "\"type\":\"chan int\" | \"type\":\"chan go.shape.int\"",
                "main.h[...] | main.h[go.shape.[]uint8]",
                "\"name\":\"_\" | \"name\":\"~p0\"",
                "[1,\"one\"],[2,\"two\"],[3,\"three\"] | [3,\"three\"],[1,\"one\"],[2,\"two\"]",
                "[1,\"one\"],[2,\"two\"],[3,\"three\"] | [3,\"three\"],[1,\"one\"]",
            })
    void otherWordsForTheSameAreNoDifference(String from, String to) throws IOException {
        change(from, to);
        assertThat(compare().differences()).isEmpty();
    }

    @Test
    void shapesAreForGenericFunctionsOnly() throws IOException {
        change("\"type\":\"int8\"", "\"type\":\"go.shape.int8\"");
        assertThat(compare().differences()).hasSize(2);
    }

    @Test
    void everyMissingLineIsFound() {
        List<JsonNode> whole = List.copyOf(trace);
        for (int i = 0; i < whole.size() - 1; i++) {
            trace = new ArrayList<>(whole);
            trace.remove(i);
            assertThat(compare().differences()).as("without line %d", i).isNotEmpty();
        }
    }

    @Test
    void everyLineTooManyIsFound() {
        List<JsonNode> whole = List.copyOf(trace);
        for (int i = 0; i < whole.size() - 1; i++) {
            trace = new ArrayList<>(whole);
            trace.add(whole.get(i));
            assertThat(compare().differences()).as("with line %d twice", i).isNotEmpty();
        }
    }

    @Test
    void aDifferenceIsShownWhereItIs() throws IOException {
        change("\"value\":5", "\"value\":6");
        TraceComparator.Result result = compare();
        assertThat(result.describe(1))
                .contains(
                        "2 differences",
                        "main.f001 call 0 result ~r0.B.(main.code) (main.T, result/struct/interface/uint8)",
                        "expected 5",
                        "seen     6",
                        "uint8: 0 equal, 0 unreadable, 2 different");
        assertThat(result.describe(1)).doesNotContain("call 1");
    }

    @Test
    void whatMayBeUnreadableIsNoDifference() throws IOException {
        change("\"value\":12", "\"value\":{\"unreadable\":\"paged out\"}");
        TraceComparator.Result result = compare("ebpf newest-.* main\\.f.* argument/pointer/int paged out");
        assertThat(result.differences()).isEmpty();
        assertThat(result.tallies().get("int").unreadable()).isEqualTo(2);
        assertThat(compare("ptrace newest-.* main\\.f.* argument/pointer/int paged out")
                        .differences())
                .hasSize(2);
        assertThat(compare("ebpf newest-.* main\\.f.* argument/int paged out").differences())
                .hasSize(2);
        assertThat(compare("ebpf newest-.* main\\.f.* argument/pointer/int paged")
                        .differences())
                .hasSize(2);
    }

    @Test
    void aBlankParameterMayBeAbsentIfTheListSaysSo() throws IOException {
        change("{\"name\":\"_\",\"type\":\"map[int]int\",\"value\":null},", "");
        assertThat(compare("ebpf .* .* blank-argument absent").differences()).isEmpty();
        assertThat(compare().differences()).hasSize(1);
    }

    @Test
    void callsOfSeveralGoroutinesArePairedByTheirNumber() throws IOException {
        truth.clear();
        for (int number = 0; number < 3; number++) {
            truth.add(TruthCall.parse(("{'function':'main.f','call':" + number
                            + ",'arguments':[{'name':'call','type':'int','kinds':'int','value':" + number
                            + "},{'name':'s','type':'string','kinds':'string','value':'" + number + "'}],'results':[]}")
                    .replace('\'', '"')));
        }
        trace = new ArrayList<>(PerfectTrace.of(List.of(truth.get(2), truth.get(0), truth.get(1))));
        assertThat(compare().differences()).isEmpty();
        change("\"value\":\"2\"", "\"value\":\"1\"");
        assertThat(compare().differences()).hasSize(1);
    }
}
