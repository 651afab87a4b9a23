package dev.tracetoll.linux.process;

import dev.tracetoll.linux.kernel.Signal;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * SIGINT, SIGTERM and SIGHUP, heard instead of obeyed, until this is closed. A signal that this process was started to ignore stays ignored.
 *
 * <p>The JDK's own class for it is reached by reflection: the compiler warns of any mention of it. Without it, or where {@code -Xrs} reserves
 * the signals, they end the JVM as usual.
 */
public final class TerminationSignals implements AutoCloseable {

    private static final Map<String, Integer> NUMBERS =
            Map.of("INT", Signal.SIGINT, "TERM", Signal.SIGTERM, "HUP", Signal.SIGHUP);

    /** What to do to hear a signal no more. */
    private interface Restoration {
        void run() throws ReflectiveOperationException;
    }

    private final Deque<Restoration> restorations = new ArrayDeque<>();
    private final Queue<Integer> heard = new ConcurrentLinkedQueue<>();

    private TerminationSignals() {}

    /** Starts to listen. */
    public static TerminationSignals listen() {
        TerminationSignals signals = new TerminationSignals();
        NUMBERS.forEach((name, number) -> {
            try {
                signals.listen(name, number);
            } catch (ClassNotFoundException | InvocationTargetException unavailable) {
                // The signal keeps its usual effect.
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        });
        return signals;
    }

    private void listen(String name, int number) throws ReflectiveOperationException {
        Class<?> signalClass = Class.forName("sun.misc.Signal");
        Class<?> handlerClass = Class.forName("sun.misc.SignalHandler");
        Object signal = signalClass.getConstructor(String.class).newInstance(name);
        Object handler = Proxy.newProxyInstance(
                handlerClass.getClassLoader(),
                new Class<?>[] {handlerClass},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "handle" -> {
                        heard.add(number);
                        yield null;
                    }
                    case "equals" -> proxy == arguments[0];
                    case "hashCode" -> System.identityHashCode(proxy);
                    default -> "handler of SIG" + name;
                });
        var handle = signalClass.getMethod("handle", signalClass, handlerClass);
        Object before = handle.invoke(null, signal, handler);
        restorations.push(() -> handle.invoke(null, signal, before));
    }

    /** Whether a signal has come that {@link #next()} has not told yet. */
    public boolean waiting() {
        return !heard.isEmpty();
    }

    /** The number of the next signal in the order of their coming; empty if there is none. */
    public OptionalInt next() {
        Integer number = heard.poll();
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }

    @Override
    public void close() {
        while (!restorations.isEmpty()) {
            try {
                restorations.pop().run();
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
