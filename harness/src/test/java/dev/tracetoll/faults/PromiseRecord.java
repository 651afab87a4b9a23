package dev.tracetoll.faults;

import dev.tracetoll.tracing.Technique;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/** Notes what became of each test of a {@link Promise}, for the page that is made of it. */
final class PromiseRecord implements InvocationInterceptor {

    /** A line for each test: chapter, fault, promise, backend (or a dash), tried, kept, and what was measured. */
    static final Path FILE = Path.of("target", "promises.tsv");

    /** With {@code ebpf} behind the name that it is the beginning of. */
    private static final List<String> BACKENDS = List.of("ebpf-patched", "ebpf", "inline", "ptrace");

    @Override
    public void interceptTestMethod(
            Invocation<Void> test, ReflectiveInvocationContext<Method> context, ExtensionContext where)
            throws Throwable {
        record(test, context);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> test, ReflectiveInvocationContext<Method> context, ExtensionContext where)
            throws Throwable {
        record(test, context);
    }

    private static void record(Invocation<Void> test, ReflectiveInvocationContext<Method> context) throws Throwable {
        Promise promise = context.getExecutable().getAnnotation(Promise.class);
        String backend = promise.backend().isEmpty()
                ? context.getArguments().stream()
                        .flatMap(PromiseRecord::backend)
                        .findFirst()
                        .orElse("-")
                : promise.backend();
        Tries.take();
        Tries.takeMeasured();
        boolean kept = false;
        try {
            test.proceed();
            kept = true;
        } finally {
            int times = Tries.take();
            // A test that does not count tries once.
            append(promise, backend, kept ? Math.max(1, times) : times + 1, kept ? Math.max(1, times) : times);
        }
    }

    /** The name of a backend that an argument has in it. */
    private static Stream<String> backend(Object argument) {
        if (argument instanceof Technique technique) {
            return Stream.of(technique.name());
        }
        return BACKENDS.stream()
                .filter(each -> argument != null && argument.toString().matches("(?s).*\\b" + each + "\\b.*"));
    }

    private static synchronized void append(Promise promise, String backend, int tried, int kept) throws IOException {
        Files.createDirectories(FILE.getParent());
        Files.writeString(
                FILE,
                String.join(
                                "\t",
                                promise.chapter().name(),
                                promise.fault(),
                                promise.promise(),
                                backend,
                                Integer.toString(tried),
                                Integer.toString(kept),
                                Tries.takeMeasured())
                        + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }
}
