package dev.tracetoll.report;

import dev.tracetoll.problem.MachineCannot;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;

/** The fonts of this machine, without a display. */
public final class Fonts {

    static {
        // Before AWT loads: with a DISPLAY that nobody serves it would fail although nothing is shown on it.
        System.setProperty("java.awt.headless", "true");
    }

    private Fonts() {}

    /**
     * Refuses to go on without fonts.
     *
     * @throws MachineCannot if Java cannot draw text here
     */
    public static void require() {
        try {
            metrics(new Font(Font.SANS_SERIF, Font.PLAIN, 12)).stringWidth("0");
        } catch (RuntimeException | LinkageError | InternalError e) {
            throw new MachineCannot(
                    "drawing a chart",
                    "Java finds no fonts (" + reason(e) + ")",
                    "run: apt-get install fontconfig fonts-dejavu-core",
                    e);
        }
    }

    /** AWT wraps what fontconfig says several times over. */
    private static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage())
                .lines()
                .findFirst()
                .orElse(root.getClass().getSimpleName());
    }

    /** How wide and high text of a font is, in units of length of a {@link Picture}. */
    public static FontMetrics metrics(Font font) {
        Graphics2D graphics = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
        try {
            return graphics.getFontMetrics(font);
        } finally {
            graphics.dispose();
        }
    }
}
