package dev.tracetoll.linux.process;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Arguments or an environment as the kernel hands them to a program: words of any bytes but 0, which need not be text in any encoding. */
public final class NativeWords {

    private final List<byte[]> words;

    private NativeWords(List<byte[]> words) {
        this.words = List.copyOf(words);
    }

    /** Words of text, in the encoding of file names. */
    public static NativeWords of(List<String> texts) {
        return new NativeWords(texts.stream().map(NativeWords::bytes).toList());
    }

    /**
     * The last arguments that this process was started with. Java has them as text, where what is no text in the locale's encoding is lost.
     *
     * @param count how many, at most as many as there are
     */
    public static NativeWords ownArguments(int count) throws IOException {
        List<byte[]> all = split(Files.readAllBytes(Path.of("/proc/self/cmdline"))).words;
        return new NativeWords(all.subList(all.size() - count, all.size()));
    }

    /** Words that end with a byte 0 each, as the files of {@code /proc/PID} have them. */
    static NativeWords split(byte[] text) {
        List<byte[]> words = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < text.length; i++) {
            if (text[i] == 0) {
                words.add(Arrays.copyOfRange(text, start, i));
                start = i + 1;
            }
        }
        return new NativeWords(words);
    }

    /** These without the first ones. */
    public NativeWords without(int first) {
        return new NativeWords(words.subList(first, words.size()));
    }

    /** These behind others. */
    NativeWords behind(List<String> texts) {
        return new NativeWords(Stream.concat(texts.stream().map(NativeWords::bytes), words.stream())
                .toList());
    }

    /** These without those that begin so. */
    NativeWords withoutBeginning(String prefix) {
        return new NativeWords(words.stream()
                .filter(word -> !new String(word, StandardCharsets.ISO_8859_1).startsWith(prefix))
                .toList());
    }

    /** How many there are. */
    public int size() {
        return words.size();
    }

    List<byte[]> words() {
        return words;
    }

    /** A file name or another word as the kernel has it. */
    static byte[] bytes(String text) {
        Charset charset = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
        return text.getBytes(charset.newEncoder().canEncode(text) ? charset : StandardCharsets.UTF_8);
    }
}
