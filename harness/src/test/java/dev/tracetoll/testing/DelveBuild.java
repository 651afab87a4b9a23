package dev.tracetoll.testing;

import java.nio.file.Path;

/** Delve in the version that Tracetoll is compared with, as {@code targets/delve.sh} builds it. */
public final class DelveBuild {

    private DelveBuild() {}

    /** The version. */
    public static String version() {
        return BuiltTool.DELVE.says("--version");
    }

    /** The program; it was built if it was not there. */
    public static Path program() {
        return BuiltTool.DELVE.program();
    }
}
