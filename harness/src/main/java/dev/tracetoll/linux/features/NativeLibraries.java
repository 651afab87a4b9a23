package dev.tracetoll.linux.features;

import dev.tracetoll.linux.capstone.Capstone;
import dev.tracetoll.linux.kernel.Feature;
import dev.tracetoll.problem.MachineCannot;
import java.util.List;
import java.util.function.Supplier;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import org.jspecify.annotations.Nullable;

/** Which versions of the native libraries this process loads. */
public final class NativeLibraries {

    private static final String PACKAGES = "install the Debian package ";

    private NativeLibraries() {}

    /** All of them. */
    public static List<Feature> all() {
        return List.of(libbpf(), libdw(), libcapstone());
    }

    /** libbpf, which loads the BPF programs. */
    public static Feature libbpf() {
        return library(
                "libbpf",
                "libbpf.so.1",
                "libbpf1",
                () -> LibraryLoader.create(Libbpf.class)
                        .failImmediately()
                        .load("libbpf.so.1")
                        .libbpf_version_string());
    }

    /** libdw of elfutils, which reads ELF and DWARF. */
    public static Feature libdw() {
        return library(
                "libdw",
                "libdw.so.1",
                "libdw1",
                () -> LibraryLoader.create(Libdw.class)
                        .failImmediately()
                        .load("libdw.so.1")
                        .dwfl_version(null));
    }

    /** libcapstone, which decodes instructions. */
    public static Feature libcapstone() {
        try {
            return Feature.works("libcapstone", Capstone.version());
        } catch (MachineCannot e) {
            return Feature.fails("libcapstone", e.getMessage(), Capstone.REMEDY);
        }
    }

    private static Feature library(String name, String soname, String debianPackage, Supplier<String> version) {
        try {
            return Feature.works(name, version.get());
        } catch (UnsatisfiedLinkError e) {
            return Feature.fails(name, soname + " cannot be loaded: " + e.getMessage(), PACKAGES + debianPackage);
        }
    }

    /** {@code bpf/libbpf.h}. */
    public interface Libbpf {
        String libbpf_version_string();
    }

    /** {@code elfutils/libdwfl.h}. */
    public interface Libdw {
        String dwfl_version(@Nullable Pointer anySession);
    }
}
