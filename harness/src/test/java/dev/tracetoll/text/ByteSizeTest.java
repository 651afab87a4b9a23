package dev.tracetoll.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {

    @ParameterizedTest
    @CsvSource({
        "4096, 4096",
        "4k, 4096",
        "4K, 4096",
        "64 KiB, 65536",
        "64kb, 65536",
        "8m, 8388608",
        "1GiB, 1073741824",
        "12b, 12",
        "0, 0"
    })
    void sizesAreReadAsPeopleTypeThem(String text, long bytes) {
        assertThat(ByteSize.parse(text)).hasValue(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "k", "-1", "1.5m", "8 t", "ten", "1e6", "9999999999999", "999999999999g"})
    void whatIsNoSizeIsNone(String text) {
        assertThat(ByteSize.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 bytes, 0",
        "100, 100 bytes, 100",
        "4096, 4 KiB, 4k",
        "67108864, 64 MiB, 64m",
        "1073741824, 1 GiB, 1g",
        "1536, 1536 bytes, 1536"
    })
    void sizesAreWrittenInTheLargestUnitThatDividesThem(long bytes, String words, String typed) {
        assertThat(ByteSize.inWords(bytes)).isEqualTo(words);
        assertThat(ByteSize.typed(bytes)).isEqualTo(typed);
        assertThat(ByteSize.parse(words.replace(" bytes", ""))).hasValue(bytes);
        assertThat(ByteSize.parse(typed)).hasValue(bytes);
    }

    @Test
    void theNextPowerOfTwoIsNoSmaller() {
        assertThat(ByteSize.nextPowerOfTwo(1)).isEqualTo(1);
        assertThat(ByteSize.nextPowerOfTwo(4096)).isEqualTo(4096);
        assertThat(ByteSize.nextPowerOfTwo(4097)).isEqualTo(8192);
    }
}
