package dev.tracetoll.corpus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Makes random Go types, every kind of them about equally often, and declares the named ones. */
final class TypeMaker {

    static final CorpusType INT = new CorpusType("int", 8, true);

    private static final List<CorpusType> INTEGERS = List.of(
            INT,
            new CorpusType("int8", 1, true),
            new CorpusType("int16", 2, true),
            new CorpusType("int32", 4, true),
            new CorpusType("int64", 8, true),
            new CorpusType("uint", 8, true),
            new CorpusType("uint8", 1, true),
            new CorpusType("uint16", 2, true),
            new CorpusType("uint32", 4, true),
            new CorpusType("uint64", 8, true),
            new CorpusType("uintptr", 8, true),
            new CorpusType("bool", 1, true));
    private static final List<CorpusType> FLOATS =
            List.of(new CorpusType("float32", 4, true), new CorpusType("float64", 8, true));
    private static final List<CorpusType> COMPLEX =
            List.of(new CorpusType("complex64", 8, true), new CorpusType("complex128", 16, true));
    private static final CorpusType STRING = new CorpusType("string", 16, true);
    private static final List<CorpusType> FUNCS = List.of(
            word("func()"),
            word("func(int) string"),
            word("func(string) string"),
            word("func(float64, float64) float64"),
            word("func(string, ...any) error"),
            word("func(int) int"),
            word("func(bool)"));
    private static final List<CorpusType> INTERFACES = List.of(
            new CorpusType("any", 16, false),
            new CorpusType("interface{}", 16, false),
            new CorpusType("error", 16, false),
            new CorpusType("tagger", 16, false),
            new CorpusType("interface{ tag(n int) string }", 16, false));

    /** No value is larger than about this, so that the arguments of a call fit into a record. */
    private static final int LARGEST = 1600;

    private static final int NESTING = 3;

    private enum Composite {
        SLICE,
        BYTES,
        ARRAY_OF_NONE,
        ARRAY_OF_ONE,
        ARRAY_OF_TWO,
        ARRAY_OF_MANY,
        BYTE_ARRAY,
        STRUCT,
        POINTER,
        POINTER_TO_POINTER,
        MAP,
        CHAN,
        FUNC,
        INTERFACE,
        NAMED,
        NAMED_AGAIN,
        INSTANCE
    }

    private enum Declared {
        BASIC,
        STRUCT,
        EMBEDDING,
        BLANKS,
        NOTHING,
        ZERO_SIZED,
        PADDED,
        RECURSIVE,
        BIG,
        SLICE,
        SLICE_OF_ITSELF,
        ARRAY,
        MAP,
        CHAN,
        FUNC,
        INTERFACE,
        POINTER,
        BYTES,
        ALIGNED
    }

    private final Random random;
    private final CorpusSpec.Types types;
    private final StringBuilder source = new StringBuilder();
    private final List<CorpusType> named = new ArrayList<>();
    private final List<CorpusType> receivers = new ArrayList<>();
    private final List<CorpusType> big = new ArrayList<>();
    private final List<Composite> deck = new ArrayList<>();

    TypeMaker(Random random, CorpusSpec.Types types) {
        this.random = random;
        this.types = types;
        if (types == CorpusSpec.Types.ALL) {
            for (int round = 0; round < 3; round++) {
                Arrays.stream(Declared.values()).forEach(this::declare);
            }
            declareWide();
        } else {
            for (int i = 0; i < 10; i++) {
                declare(Declared.BASIC);
            }
        }
    }

    private static CorpusType word(String text) {
        return new CorpusType(text, 8, false);
    }

    /** The declarations of all named types. */
    String declarations() {
        return source.toString();
    }

    /** A type of any kind. */
    CorpusType any() {
        return any(NESTING);
    }

    /** An integer type or bool. */
    CorpusType integer() {
        return pick(INTEGERS);
    }

    /** A type that goes into floating-point registers. */
    CorpusType floating() {
        return types == CorpusSpec.Types.ALL && random.nextInt(5) == 0 ? pick(COMPLEX) : pick(FLOATS);
    }

    /** A named type that can have methods. */
    CorpusType receiver() {
        return pick(receivers);
    }

    /** A struct too large for the registers. */
    CorpusType bigStruct() {
        return pick(big);
    }

    /** A struct whose strings are too many for one record. */
    CorpusType wideStruct() {
        return new CorpusType("wide", 1440, false);
    }

    private CorpusType any(int nesting) {
        if (types == CorpusSpec.Types.SCALARS || nesting == 0 || random.nextInt(3) == 0) {
            return types == CorpusSpec.Types.SCALARS && random.nextInt(4) == 0 ? pick(named) : basic();
        }
        if (deck.isEmpty()) {
            deck.addAll(Arrays.asList(Composite.values()));
            Collections.shuffle(deck, random);
        }
        CorpusType type = composite(deck.remove(deck.size() - 1), nesting - 1);
        return type.size() <= LARGEST ? type : basic();
    }

    private CorpusType basic() {
        switch (random.nextInt(types == CorpusSpec.Types.ALL ? 6 : 5)) {
            case 0:
                return pick(FLOATS);
            case 1:
                return STRING;
            case 5:
                return pick(COMPLEX);
            default:
                return pick(INTEGERS);
        }
    }

    private CorpusType composite(Composite kind, int nesting) {
        CorpusType element = any(nesting);
        switch (kind) {
            case SLICE:
                return new CorpusType("[]" + element.text(), 24, false);
            case BYTES:
                return new CorpusType("[]byte", 24, false);
            case ARRAY_OF_NONE:
                return array(0, element);
            case ARRAY_OF_ONE:
                return array(1, element);
            case ARRAY_OF_TWO:
                return array(2, element);
            case ARRAY_OF_MANY:
                return array(3 + random.nextInt(30), element);
            case BYTE_ARRAY:
                return new CorpusType("[" + random.nextInt(80) + "]byte", 80, true);
            case STRUCT:
                return struct(nesting, "; ");
            case POINTER:
                return new CorpusType("*" + element.text(), 8, true);
            case POINTER_TO_POINTER:
                return new CorpusType("**" + element.text(), 8, true);
            case MAP:
                return word("map[" + key(nesting).text() + "]" + element.text());
            case CHAN:
                return new CorpusType(
                        List.of("chan ", "<-chan ", "chan<- ").get(random.nextInt(3)) + parenthesised(element),
                        8,
                        true);
            case FUNC:
                return pick(FUNCS);
            case INTERFACE:
                return pick(INTERFACES);
            case INSTANCE:
                CorpusType second = any(nesting);
                return new CorpusType(
                        "pair[" + element.text() + ", " + second.text() + "]",
                        roundUp(element.size()) + roundUp(second.size()),
                        element.hashable() && second.hashable());
            default:
                return named.isEmpty() ? element : pick(named);
        }
    }

    /** {@code chan <-chan int} would be read as {@code chan<- chan int}. */
    private static String parenthesised(CorpusType type) {
        return type.text().startsWith("<-") ? "(" + type.text() + ")" : type.text();
    }

    private CorpusType key(int nesting) {
        CorpusType key = any(nesting);
        while (!key.hashable()) {
            key = basic();
        }
        return key;
    }

    private static CorpusType array(int length, CorpusType element) {
        return new CorpusType("[" + length + "]" + element.text(), length * element.size(), element.hashable());
    }

    private static int roundUp(int size) {
        return (size + 7) / 8 * 8;
    }

    private CorpusType struct(int nesting, String separator) {
        return struct(1 + random.nextInt(4), nesting, separator);
    }

    private CorpusType struct(int count, int nesting, String separator) {
        List<CorpusType> fields = new ArrayList<>();
        StringBuilder text = new StringBuilder("struct{ ");
        for (int i = 0; i < count; i++) {
            CorpusType field = any(nesting);
            fields.add(field);
            // Fields need not be exported to be seen.
            text.append(i == 0 ? "" : separator)
                    .append(random.nextBoolean() ? "F" : "f")
                    .append(i)
                    .append(' ')
                    .append(field.text());
        }
        return new CorpusType(
                text.append(" }").toString(),
                fields.stream().mapToInt(field -> roundUp(field.size())).sum(),
                fields.stream().allMatch(CorpusType::hashable));
    }

    private void declare(Declared kind) {
        String name = "d" + named.size();
        switch (kind) {
            case BASIC -> declare(name, basic(), true);
            case STRUCT -> declare(name, struct(2, "; "), true);
            case EMBEDDING -> {
                String anonymous =
                        named.isEmpty() ? "tagStruct" : pick(receivers).text();
                declare(
                        name,
                        new CorpusType("struct{ " + anonymous + "; *tagPointer; error; X int8 }", 200, false),
                        true);
            }
            case BLANKS -> {
                CorpusType field = any(1);
                declare(
                        name,
                        new CorpusType(
                                "struct{ _ int32; A int8; _ " + field.text() + "; B string; _ struct{} }",
                                roundUp(field.size()) + 32,
                                field.hashable()),
                        true);
            }
            case NOTHING -> declare(name, new CorpusType("struct{}", 0, true), true);
            case ZERO_SIZED ->
                declare(name, new CorpusType("struct{ A [0]int64; B int32; C struct{} }", 16, true), true);
            case PADDED ->
                declare(
                        name,
                        new CorpusType("struct{ A int8; B int64; C bool; D int16; E float32; F uint8 }", 32, true),
                        true);
            case RECURSIVE ->
                declare(
                        name,
                        new CorpusType(
                                "struct{ Value " + any(1).text() + "; Next *" + name + "; kids []*" + name
                                        + "; Named map[string]" + name + "; Any any }",
                                500,
                                false),
                        true);
            case BIG -> {
                CorpusType struct = struct(10 + random.nextInt(12), 1, "; ");
                declare(
                        name,
                        struct.size() > LARGEST ? new CorpusType("struct{ A [20]int64; B string }", 176, true) : struct,
                        true);
                big.add(named.get(named.size() - 1));
            }
            case SLICE -> declare(name, new CorpusType("[]" + any(2).text(), 24, false), true);
            case SLICE_OF_ITSELF -> declare(name, new CorpusType("[]" + name, 24, false), true);
            case ARRAY -> declare(name, array(1 + random.nextInt(4), basic()), true);
            case MAP -> declare(name, word("map[" + key(1).text() + "]" + any(1).text()), true);
            case CHAN -> declare(name, new CorpusType("chan " + parenthesised(any(1)), 8, true), true);
            case FUNC -> declare(name, pick(FUNCS), true);
            case INTERFACE -> declare(name, new CorpusType("interface{ tagger }", 16, false), false);
            case POINTER -> declare(name, new CorpusType("*" + any(1).text(), 8, true), false);
            case BYTES -> declare(name, new CorpusType("[]uint8", 24, false), true);
            // Its parts are adjacent on the stack without filling whole words.
            case ALIGNED -> declare(name, new CorpusType("struct{ A, B, C int8 }", 3, true), true);
        }
    }

    private void declare(String name, CorpusType type, boolean methods) {
        source.append("type ").append(name).append(' ').append(type.text()).append("\n\n");
        CorpusType declared = new CorpusType(name, type.size(), type.hashable());
        named.add(declared);
        if (methods) {
            receivers.add(declared);
        }
    }

    private void declareWide() {
        source.append("type wide struct {\n");
        for (int i = 0; i < 60; i++) {
            source.append("\tF").append(i).append(" []string\n");
        }
        source.append("}\n\n");
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
