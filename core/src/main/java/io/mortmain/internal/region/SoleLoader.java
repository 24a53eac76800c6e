package io.mortmain.internal.region;

import java.lang.ref.WeakReference;

/**
 * One copy of this library per JVM. Two, loaded by two class loaders, would map a file twice, and each would take the other's nodes on a
 * thread's robust list for a stranger's; so the second is refused as long as the first is not unloaded.
 */
public final class SoleLoader {
    private static final String KEY = "io.mortmain.loaded";

    private SoleLoader() {}

    /** Throws if another copy of the library is in use in this JVM. */
    public static void require() {
        Holder.check();
    }

    private static final class Holder {
        private static final String REFUSAL = claim();

        static void check() {
            if (!REFUSAL.isEmpty()) {
                throw new IllegalStateException(REFUSAL);
            }
        }

        private static String claim() {
            synchronized (System.getProperties()) {
                Object present = System.getProperties().get(KEY);
                if (present instanceof WeakReference<?> other && other.get() instanceof Class<?> first) {
                    return "Mortmain is loaded in this JVM already, by " + first.getClassLoader()
                            + "; put it where both applications share one class loader";
                }
                System.getProperties().put(KEY, new WeakReference<>(SoleLoader.class));
                return "";
            }
        }
    }
}
