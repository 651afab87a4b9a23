package dev.tracetoll.export;

import java.util.List;
import java.util.Map;

/**
 * A run, or several, as another tool reads them.
 *
 * @param file name of the file that has the figures
 * @param text what is in it
 * @param besides what else helps the tool to read it, by file name
 * @param leftOut what is no cost and so is not in it, in a line each
 */
public record Export(String file, String text, Map<String, String> besides, List<String> leftOut) {

    public Export {
        besides = Map.copyOf(besides);
        leftOut = List.copyOf(leftOut);
    }
}
