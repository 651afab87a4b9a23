package dev.tracetoll.golang;

/** Which instruction of a function is probed. */
public enum SiteChoice {
    /** The one preferred among those at which nothing is missed and nothing counted twice. */
    BEST,
    /** The function's first and its {@code ret}s, as most tools do; calls that grow their stack are hit twice. */
    ENTRY
}
