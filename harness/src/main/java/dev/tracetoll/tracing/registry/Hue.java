package dev.tracetoll.tracing.registry;

/** Which colour a technique has, the same in every picture; how light or dark it is depends on the page. */
public enum Hue {
    GREY,
    BLUE,
    TEAL,
    ORANGE,
    AMBER,
    VIOLET,
    GREEN,
    PINK,
    OLIVE
}
