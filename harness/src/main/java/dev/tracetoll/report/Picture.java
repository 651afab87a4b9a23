package dev.tracetoll.report;

import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import javax.imageio.ImageIO;

/**
 * A drawing as PNG and as SVG.
 *
 * @param width in units of length, pixels of an ordinary screen
 * @param height in the same
 * @param palette whose background it has
 * @param drawing draws what is on it
 */
public record Picture(int width, int height, Palette palette, Consumer<Graphics2D> drawing) {

    /** Of a picture on a page as wide as a screen. */
    public static final int DEFAULT_WIDTH = 960;
    /** Of a picture on the page of a telephone. */
    public static final int NARROW_WIDTH = 400;

    /** Below this width names stand above what they name, not beside it. */
    public static final int NARROW = 640;

    /** Pixels of a PNG for each unit of length, for screens of high resolution. */
    private static final int PNG_SCALE = 2;

    /** What a browser takes for Java's logical font; the first is what the logical font is on Debian. */
    private static final String SVG_FONTS = "'DejaVu Sans',Verdana,sans-serif";

    /** The picture as PNG, at twice the resolution of its size. */
    public byte[] png() {
        BufferedImage image = new BufferedImage(width * PNG_SCALE, height * PNG_SCALE, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.scale(PNG_SCALE, PNG_SCALE);
            draw(graphics);
        } finally {
            graphics.dispose();
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try {
            ImageIO.setUseCache(false);
            ImageIO.write(image, "png", png);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return png.toByteArray();
    }

    /** The picture as SVG. */
    public String svg() {
        VectorGraphics2D graphics = new VectorGraphics2D();
        draw(graphics);
        ByteArrayOutputStream svg = new ByteArrayOutputStream();
        try {
            new SVGProcessor()
                    .getDocument(graphics.getCommands(), new PageSize(width, height))
                    .writeTo(svg);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return portable(svg.toString(StandardCharsets.UTF_8));
    }

    /** The library leaves out what it takes for the default font size, and names the one font that Java found on this machine. */
    private static String portable(String svg) {
        return svg.replace("\r\n", "\n")
                .replaceAll("font-family:&quot;[^&]*&quot;", "font-family:" + SVG_FONTS)
                .replaceFirst(
                        "<svg ",
                        "<svg style=\"font-size:" + Lettering.SMALL.getSize() + "px;font-family:" + SVG_FONTS + "\" ");
    }

    private void draw(Graphics2D graphics) {
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.setColor(palette.background);
        graphics.fill(new Rectangle2D.Double(0, 0, width, height));
        drawing.accept(graphics);
    }
}
