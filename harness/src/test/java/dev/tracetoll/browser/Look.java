package dev.tracetoll.browser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes pictures of a page as it looks on every screen, and the PDF, for people to look at; says what is wrong with it besides. */
final class Look {

    private Look() {}

    /**
     * Looks.
     *
     * @param arguments the page, and the directory for the pictures, which is made
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            System.err.println("what is to be looked at, and where do pictures go? PAGE DIR");
            System.exit(2);
        }
        Path page = Path.of(arguments[0]).toRealPath();
        Path directory = Files.createDirectories(Path.of(arguments[1]));
        try (Browser browser = Browser.start()) {
            try (Tab tab = browser.open()) {
                tab.load(page.toUri());
                for (View view : View.SCREENS) {
                    tab.show(view);
                    System.out.println(
                            Files.write(directory.resolve(view.toString().replace(' ', '-') + ".png"), tab.png()));
                }
                tab.show(View.PAPER);
                System.out.println(Files.write(directory.resolve("paper.pdf"), tab.pdf()));
            }
            PageChecks.of(browser, page.toUri()).forEach(System.out::println);
        }
    }
}
