package dev.tracetoll.golang;

/** Which end of a call a probe site stands for. */
public enum SiteKind {
    /** Reached once a call, with every argument where the ABI put it. */
    ENTRY,
    /** Reached as the function returns, with every result where the ABI puts it. */
    RETURN
}
