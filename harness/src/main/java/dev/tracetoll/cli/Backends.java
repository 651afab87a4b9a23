package dev.tracetoll.cli;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The techniques that {@code trace} offers. */
final class Backends {

    /** In the order in which they are told. */
    static final List<Backend> ALL =
            List.of(new EbpfBackend(), new PtraceBackend(), new InlineBackend(), new EbpfPatchedBackend());

    private Backends() {}

    /** The one of a name. */
    static Optional<Backend> named(String name) {
        return ALL.stream().filter(backend -> backend.name().equals(name)).findFirst();
    }

    /** The names, for people. */
    static String names() {
        return ALL.stream().map(Backend::name).collect(Collectors.joining(" and "));
    }
}
