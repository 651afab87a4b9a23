package dev.tracetoll.browser;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a page is shown on.
 *
 * @param width in CSS pixels
 * @param dark whether the reader wants dark pages
 * @param printed whether it is paper
 */
public record View(int width, boolean dark, boolean printed) {

    /** Of an ordinary screen. */
    static final int HEIGHT = 900;

    /** A4 less the margins of 1 cm that a browser leaves unless it is told otherwise: 210 mm are 794 CSS pixels, 1 cm is 38. */
    static final View PAPER = new View(718, false, true);

    /** A telephone, a tablet, a laptop and a large screen, light and dark. */
    static final List<View> SCREENS = IntStream.of(360, 800, 1280, 1600)
            .boxed()
            .flatMap(width -> Stream.of(new View(width, false, false), new View(width, true, false)))
            .toList();

    /** Each of these screens, and both light and dark, in half as many views. */
    static final List<View> HALF_OF_THE_SCREENS = List.of(
            new View(360, false, false),
            new View(800, true, false),
            new View(1280, true, false),
            new View(1600, false, false));

    @Override
    public String toString() {
        return printed ? "paper" : width + (dark ? " dark" : " light");
    }
}
