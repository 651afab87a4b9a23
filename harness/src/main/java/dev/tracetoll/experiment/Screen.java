package dev.tracetoll.experiment;

import dev.tracetoll.report.TerminalStyle;

/**
 * What figures are shown on.
 *
 * @param style with or without colours
 * @param columns width of a line
 */
public record Screen(TerminalStyle style, int columns) {}
