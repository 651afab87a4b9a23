package dev.tracetoll.golang;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of types as Go prints them: {@code *json.Decoder} for DWARF's {@code *encoding/json.Decoder}. Inside the brackets of type arguments
 * Go prints whole paths, too.
 */
final class TypeNames {

    private static final String MAP = "map";
    /** Stands for type arguments, which are left as they are; no name has it. */
    private static final String PLACEHOLDER = "\u0001";

    private static final String STRUCT = "struct { ";
    /** The linker puts the package before the names of unexported fields of unnamed structs, to tell such types apart; Go does not print it. */
    private static final Pattern UNEXPORTED_FIELD =
            Pattern.compile("(struct \\{ |; )[^\\s(){};]+\\.(?=[\\p{L}_][\\p{L}_\\d]* )");

    private TypeNames() {}

    static String printed(String name) {
        if (name.indexOf('/') < 0 && !name.contains(STRUCT)) {
            return name;
        }
        StringBuilder out = new StringBuilder(name.length());
        List<String> typeArguments = new ArrayList<>();
        int word = 0;
        int i = 0;
        while (i < name.length()) {
            char c = name.charAt(i);
            if (c == '/') {
                out.setLength(word);
                i++;
            } else if (c == '['
                    && i > 0
                    && isPartOfPath(name.charAt(i - 1))
                    && !out.substring(word).equals(MAP)) {
                int end = closing(name, i);
                typeArguments.add(name.substring(i, end));
                out.append(PLACEHOLDER);
                i = end;
                word = out.length();
            } else {
                out.append(c);
                i++;
                if (!isPartOfPath(c)) {
                    word = out.length();
                }
            }
        }
        String outside = UNEXPORTED_FIELD.matcher(out).replaceAll("$1");
        for (String each : typeArguments) {
            outside = outside.replaceFirst(PLACEHOLDER, Matcher.quoteReplacement(each));
        }
        return outside;
    }

    private static boolean isPartOfPath(char c) {
        return Character.isLetterOrDigit(c) || "._-~%@+".indexOf(c) >= 0;
    }

    /** The index behind the bracket that closes the one at an index. */
    private static int closing(String name, int open) {
        int depth = 0;
        for (int i = open; i < name.length(); i++) {
            if (name.charAt(i) == '[') {
                depth++;
            } else if (name.charAt(i) == ']' && --depth == 0) {
                return i + 1;
            }
        }
        return name.length();
    }
}
