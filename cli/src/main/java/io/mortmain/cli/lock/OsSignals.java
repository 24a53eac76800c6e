package io.mortmain.cli.lock;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * Handlers of signals. The JDK's only door is sun.misc.Signal, which compiles with a warning that cannot be suppressed: it is reached
 * by reflection.
 */
final class OsSignals {
    private OsSignals() {}

    /**
     * Runs the handler, on a thread of its own, whenever the signal arrives. Does nothing where the signal was ignored when this process
     * started (nohup): it stays ignored.
     *
     * @param name without SIG
     */
    static void handle(String name, Runnable handler) {
        // Nothing is asked of a handler but to handle.
        set(
                name,
                type -> Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (_, _, _) -> {
                    handler.run();
                    return null;
                }));
    }

    /**
     * Gives a signal its default action, also where it was ignored when this process started.
     *
     * @param name without SIG
     */
    static void setDefault(String name) {
        set(name, type -> type.getField("SIG_DFL").get(null));
    }

    private interface Handler {
        Object of(Class<?> type) throws ReflectiveOperationException;
    }

    private static void set(String name, Handler handler) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> type = Class.forName("sun.misc.SignalHandler");
            signal.getMethod("handle", signal, type)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), handler.of(type));
        } catch (InvocationTargetException refused) {
            throw new IllegalStateException(
                    "signal " + name + " cannot be handled (" + refused.getCause() + ")", refused);
        } catch (ReflectiveOperationException missing) {
            throw new IllegalStateException(
                    "this JDK has no sun.misc.Signal; use one with module jdk.unsupported", missing);
        }
    }
}
