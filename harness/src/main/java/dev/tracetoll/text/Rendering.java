package dev.tracetoll.text;

/** Where text is shown, and how it is written there so that it shows as it is. */
public enum Rendering {
    /** Lines of a terminal, which obeys what is invisible. */
    TERMINAL("-") {
        @Override
        public String escape(String text) {
            return Invisible.marked(text);
        }

        /** Whole lines are red there. */
        @Override
        String marked(String escaped) {
            return escaped;
        }
    },
    /** An element or a quoted attribute of a page. */
    HTML("–") {
        @Override
        public String escape(String text) {
            return Invisible.marked(text)
                    .replace("&", "&amp;")
                    .replace("<", "&lt;")
                    .replace(">", "&gt;")
                    .replace("\"", "&quot;");
        }

        @Override
        String marked(String escaped) {
            return "<strong class=\"flaw\">" + escaped + "</strong>";
        }
    },
    /** Markdown as GitHub shows it, where HTML is understood too. */
    MARKDOWN("") {
        @Override
        public String escape(String text) {
            return HTML.escape(text).replaceAll("([\\\\|*_`\\[\\]])", "\\\\$1");
        }

        @Override
        String marked(String escaped) {
            return "**" + escaped + "**";
        }
    };

    private final String nothing;

    Rendering(String nothing) {
        this.nothing = nothing;
    }

    /** What is taken for markup is written so that it shows as it is; what is invisible becomes a question mark. */
    public abstract String escape(String text);

    /** How what is to be noticed is written. */
    abstract String marked(String escaped);

    /** What stands where there is no figure. */
    String nothing() {
        return nothing;
    }
}
