package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.testing.Commands;
import io.mortmain.testing.TestRegion;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Row D17: the library loaded by two class loaders. */
class SoleLoaderTest {
    @Test
    void shouldRefuseTheSecondCopyUntilTheFirstIsUnloaded() {
        try (TestRegion name = new TestRegion()) {
            String classes =
                    Path.of("target", "classes").toAbsolutePath().toUri().toString();
            Commands.Result result = Commands.run(Commands.java(TwoLoaders.class, classes, name.name()));
            assertThat(result.said())
                    .contains("first: done")
                    .contains("second: java.lang.IllegalStateException: Mortmain is loaded in this JVM already, by ")
                    .contains("put it where both applications share one class loader")
                    .contains("third: done");
        }
    }

    static final class TwoLoaders {
        public static void main(String[] arguments) throws Exception {
            URL[] classes = {URI.create(arguments[0]).toURL()};
            WeakReference<ClassLoader> first = useFirst(classes, arguments[1]);
            for (int i = 0; first.get() != null && i < 100; i++) {
                System.gc();
                Thread.sleep(10);
            }
            System.out.println("third: " + create(new URLClassLoader(classes, null), arguments[1] + "-3"));
        }

        private static WeakReference<ClassLoader> useFirst(URL[] classes, String name) throws Exception {
            ClassLoader first = new URLClassLoader(classes, null);
            System.out.println("first: " + create(first, name));
            System.out.println("second: " + create(new URLClassLoader(classes, null), name));
            return new WeakReference<>(first);
        }

        private static String create(ClassLoader loader, String name) throws Exception {
            Class<?> region = loader.loadClass("io.mortmain.Region");
            try {
                ((AutoCloseable) region.getMethod("create", String.class, long.class)
                                .invoke(null, name, 0L))
                        .close();
                region.getMethod("delete", String.class).invoke(null, name);
                return "done";
            } catch (InvocationTargetException refused) {
                return refused.getCause().toString();
            }
        }
    }
}
