package dev.tracetoll.text;

import java.util.Map;

/** How text looks on a terminal: plain, or with colours. */
public enum TerminalStyle {
    PLAIN,
    COLOURED;

    /**
     * Colours only on a terminal, and not where the user set {@code NO_COLOR} (https://no-color.org) or the terminal is dumb.
     *
     * @param terminal whether the output goes to a terminal
     * @param environment the environment variables
     */
    public static TerminalStyle of(boolean terminal, Map<String, String> environment) {
        boolean refused = !environment.getOrDefault("NO_COLOR", "").isEmpty() || "dumb".equals(environment.get("TERM"));
        return terminal && !refused ? COLOURED : PLAIN;
    }

    /** In bold, as titles are. */
    public String bold(String text) {
        return rendered("1", text);
    }

    /** In red, as what must not be overlooked. */
    public String red(String text) {
        return rendered("1;31", text);
    }

    /** In yellow, as warnings are. */
    public String yellow(String text) {
        return rendered("33", text);
    }

    /**
     * In a colour of its own.
     *
     * @param rendition parameters of Select Graphic Rendition (ECMA-48, 8.3.117)
     */
    public String rendered(String rendition, String text) {
        return this == PLAIN ? text : "\u001b[" + rendition + "m" + text + "\u001b[0m";
    }
}
