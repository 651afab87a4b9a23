package dev.tracetoll.golang;

import java.util.regex.Pattern;

/**
 * Names of types as Go prints them: {@code *json.Decoder} for DWARF's {@code *encoding/json.Decoder}. Inside the brackets of type arguments
 * Go prints whole paths, too.
 */
final class TypeNames {

    private static final String MAP = "map";
    private static final String STRUCT = "struct { ";
    /** The linker puts the package before the names of unexported fields of unnamed structs, to tell such types apart; Go does not print it. */
    private static final Pattern UNEXPORTED_FIELD = Pattern.compile("(struct \\{ |; )[^\\s(){};]+\\.(?=[\\p{L}_][\\p{L}_\\d]* )");

    private TypeNames() {}

    static String printed(String dwarfName) {
        String name = dwarfName.contains(STRUCT) ? UNEXPORTED_FIELD.matcher(dwarfName).replaceAll("$1") : dwarfName;
        if (name.indexOf('/') < 0) {
            return name;
        }
        StringBuilder out = new StringBuilder(name.length());
        int word = 0;
        int i = 0;
        while (i < name.length()) {
            char c = name.charAt(i);
            if (c == '/') {
                out.setLength(word);
                i++;
            } else if (c == '[' && i > 0 && isPartOfPath(name.charAt(i - 1)) && !out.substring(word).equals(MAP)) {
                int end = closing(name, i);
                out.append(name, i, end);
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
        return out.toString();
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
