package dev.tracetoll.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceSchemaTest {

    private static final String CALL =
            "{'event':'call','id':1,'function':'main.f','goroutine':1,'thread':20,'depth':0,'timestampNs':300,"
                    .concat(
                            "'site':'stepped','arguments':[{'name':'n','type':'int','value':4},{'name':'s','type':'string','value':'text'},"
                                    + "{'name':'b','type':'uint8','value':5}]}")
                    .replace('\'', '"');

    @Test
    void whatIsAlikeIsValidAgain() {
        assertThat(TraceSchema.errors(CALL)).isEmpty();
        assertThat(TraceSchema.errors(CALL.replace("300", "4000").replace("text", "words")))
                .isEmpty();
    }

    /** Beside a line that is valid and was seen before. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"id\":1 | \"id\":0",
                "\"id\":1 | \"id\":-1",
                "\"id\":1 | \"id\":1.5",
                "\"id\":1 | \"id\":\"1\"",
                "\"id\":1 | \"id\":1,\"id\":2",
                "\"id\":1 | \"ids\":1",
                "\"thread\":20 | \"thread\":0",
                "300 | -300",
                "300 | null",
                "\"value\":4 | \"value\":9223372036854775808",
                "\"value\":4 | \"value\":4.5",
                "\"value\":4 | \"value\":\"4\"",
                "\"value\":5 | \"value\":256",
                "\"text\" | 1",
                "\"text\" | \"te\\xt\"",
                "\"text\" | \"text\",\"more\":1"
            })
    void whatIsWrongIsSeen(String right, String wrong) {
        assertThat(TraceSchema.errors(CALL)).isEmpty();
        assertThat(CALL).contains(right);
        assertThat(TraceSchema.errors(CALL.replace(right, wrong))).isNotEmpty();
    }
}
