import dev.tracetoll.cli.Main;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/**
 * Describes the command line: a page in AsciiDoc for each command, of which the build makes manual pages, and what shells complete by. A page
 * begins with what the command says of itself; then come the examples of that command, and what is the same for all.
 *
 * <p>Run as {@code java Describe.java MORE DIRECTORY}: MORE has the pages' ends, {@code COMMAND.adoc} and {@code common.adoc}.
 */
final class Describe {

    private static final String NAME = "tracetoll";

    private Describe() {}

    public static void main(String[] arguments) throws IOException {
        Path more = Path.of(arguments[0]);
        Path directory = Path.of(arguments[1]);
        Path pages = Files.createDirectories(directory.resolve("man"));
        CommandLine commands = Main.described();
        int failed = ManPageGenerator.generateManPage(
                pages.toFile(), null, new boolean[0], true, commands.getCommandSpec());
        if (failed != 0) {
            throw new IllegalStateException("picocli makes no manual pages: " + failed);
        }
        try (DirectoryStream<Path> made = Files.newDirectoryStream(pages, "*.adoc")) {
            for (Path page : made) {
                Path examples = more.resolve(page.getFileName());
                if (Files.exists(examples)) {
                    append(examples, page);
                }
                append(more.resolve("common.adoc"), page);
                Files.writeString(page, "== See also\n\n" + others(page) + "\n", StandardOpenOption.APPEND);
            }
        }
        // It is read by the shell that completes, and never run.
        String completion = AutoComplete.bash(NAME, commands).replaceFirst("^#!.*\n", "");
        Files.writeString(directory.resolve(NAME + ".bash"), completion);
    }

    private static void append(Path text, Path page) throws IOException {
        Files.write(page, Files.readAllBytes(text), StandardOpenOption.APPEND);
    }

    /** The page of all commands; in that one those of each. */
    private static String others(Path page) {
        return page.getFileName().toString().equals(NAME + ".adoc")
                ? String.join(
                        ", ",
                        Main.described().getSubcommands().keySet().stream()
                                .map(command -> "*" + NAME + "-" + command + "*(1)")
                                .toList())
                : "*" + NAME + "*(1)";
    }
}
