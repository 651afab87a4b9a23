package dev.tracetoll.linux.libc;

import jnr.ffi.LibraryLoader;

/**
 * Binds functions of libc. Each is declared once, in an interface of those that belong together, so that a command binds only what it calls; the
 * variadic ones with a fixed arity.
 */
public final class Libc {

    private Libc() {}

    /** Implements an interface by the functions that its methods are called as. */
    public static <T> T bind(Class<T> calls) {
        return LibraryLoader.create(calls).failImmediately().load("c");
    }
}
