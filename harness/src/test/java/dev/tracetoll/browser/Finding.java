package dev.tracetoll.browser;

import java.util.List;

/**
 * Something that is wrong with a page.
 *
 * @param check what was looked for
 * @param what what was found, and where in the page
 * @param views what the page was shown on when it was found
 */
public record Finding(Check check, String what, List<View> views) {

    @Override
    public String toString() {
        return check + " " + views + ": " + what;
    }
}
