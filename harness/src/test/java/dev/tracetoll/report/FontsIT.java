package dev.tracetoll.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.problem.MachineCannot;
import dev.tracetoll.testing.OneAtATime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@OneAtATime
class FontsIT {

    @TempDir
    private Path directory;

    /** Runs in a virtual machine of its own, as fonts are looked up once. */
    public static final class Requirer {

        private Requirer() {}

        public static void main(String[] arguments) {
            try {
                Fonts.require();
                System.out.println("fonts found");
            } catch (MachineCannot e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void aMachineWithoutFontsIsToldWhichPackagesItLacks() throws Exception {
        Path configuration = Files.writeString(
                directory.resolve("fonts.conf"), "<?xml version=\"1.0\"?>\n<fontconfig></fontconfig>\n");

        assertThat(require(configuration))
                .hasLineCount(1)
                .startsWith("drawing a chart is not possible here: Java finds no fonts (")
                .contains("apt-get install fontconfig fonts-dejavu-core");
    }

    @Test
    void aDisplayThatNobodyServesIsNoHindrance() throws Exception {
        assertThat(require(null)).isEqualToIgnoringNewLines("fonts found");
    }

    private String require(Path fontConfiguration) throws Exception {
        Path output = directory.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Duser.home=" + directory,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Requirer.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("DISPLAY", ":77");
        if (fontConfiguration != null) {
            builder.environment().put("FONTCONFIG_FILE", fontConfiguration.toString());
        }
        Process process = builder.start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(output);
    }
}
