package dev.tracetoll.linux.libc;

import dev.tracetoll.problem.MachineCannot;
import jnr.ffi.LibraryLoader;

/** Loads shared libraries, and says in one line what is missing when one cannot be loaded. */
public final class NativeLibrary {

    private NativeLibrary() {}

    /**
     * Binds an interface to a shared library.
     *
     * @param type the interface whose methods are the library's functions
     * @param soname the library's soname, for example {@code libdw.so.1}
     * @param debianPackage the Debian package that brings it
     * @throws MachineCannot if the library is not there
     */
    public static <T> T load(Class<T> type, String soname, String debianPackage) {
        try {
            return LibraryLoader.create(type).failImmediately().load(soname);
        } catch (LinkageError e) {
            throw new MachineCannot(
                    "Using " + soname, firstLine(e), "install it with: apt-get install " + debianPackage, e);
        }
    }

    private static String firstLine(Throwable e) {
        return e.getMessage() == null
                ? e.toString()
                : e.getMessage().lines().findFirst().orElse("");
    }
}
