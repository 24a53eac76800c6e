package io.mortmain.cli.torture;

import static io.mortmain.cli.torture.DeedSite.mutex;
import static io.mortmain.cli.torture.DeedSite.onThread;
import static io.mortmain.cli.torture.DeedSite.refusal;

import io.mortmain.Hold;
import io.mortmain.MutexKind;
import io.mortmain.Region;
import io.mortmain.RegionOptions;
import io.mortmain.RobustMutex;
import io.mortmain.cli.torture.Deeds.Deed;
import io.mortmain.errors.RegionException;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** D1, D2, D3, D9, D17 and A11: misuse of holds and handles. */
final class HoldingDeeds {
    private static final int MOST_HELD = 2048;

    private HoldingDeeds() {}

    static void addTo(Map<String, Deed> all) {
        all.put("close-by-another", HoldingDeeds::closeByAnother);
        all.put("relock-checking", HoldingDeeds::relockChecking);
        all.put("relock-recursive", HoldingDeeds::relockRecursive);
        all.put("relock-normal", HoldingDeeds::relockNormal);
        all.put("close-held", HoldingDeeds::closeHeld);
        all.put("open-twice", HoldingDeeds::openTwice);
        all.put("close-twice", HoldingDeeds::closeTwice);
        all.put("two-loaders", HoldingDeeds::twoLoaders);
        all.put("too-many", HoldingDeeds::tooMany);
    }

    private static String closeByAnother(DeedSite site) throws Exception {
        try (Region region = site.region();
                Hold hold = mutex(region, MutexKind.ERROR_CHECKING).lock()) {
            int before = site.word();
            String reason = refusal(() -> onThread("stranger", () -> {
                hold.close();
                return "";
            }));
            String cause =
                    reason.contains("NOT_HOLDER") || reason.contains("holds it and must close") ? "NOT_HOLDER" : reason;
            return cause + (before == site.word() ? ", word untouched" : ", word changed");
        }
    }

    private static String relockChecking(DeedSite site) {
        try (Region region = site.region()) {
            RobustMutex mutex = mutex(region, MutexKind.ERROR_CHECKING);
            try (Hold hold = mutex.lock()) {
                return refusal(mutex::lock);
            }
        }
    }

    private static String relockRecursive(DeedSite site) {
        try (Region region = site.region()) {
            RobustMutex mutex = mutex(region, MutexKind.RECURSIVE);
            Hold outer = mutex.lock();
            mutex.lock().close();
            boolean held = site.word() != 0;
            outer.close();
            return held && site.word() == 0 ? "counted" : "not counted";
        }
    }

    private static String relockNormal(DeedSite site) throws InterruptedException {
        try (Region region = site.region()) {
            RobustMutex mutex = mutex(region, MutexKind.NORMAL);
            try (Hold hold = mutex.lock()) {
                Hold again = mutex.tryLock(Duration.ofMillis(100));
                return again == null ? "waits for itself" : "got it twice";
            }
        }
    }

    private static String closeHeld(DeedSite site) {
        Region region = site.region();
        try (Hold hold = mutex(region, MutexKind.ERROR_CHECKING).lock()) {
            return closing(region, Thread.currentThread().getName());
        } finally {
            region.close();
        }
    }

    private static String closing(Region region, String thread) {
        try {
            region.close();
            return "closed";
        } catch (RegionException refused) {
            String message = String.valueOf(refused.getMessage());
            return refused.reason() == RegionException.Reason.IN_USE
                            && message.contains("mutex m")
                            && message.contains(thread)
                    ? "refused, naming mutex and thread"
                    : refused.reason() + " | " + message;
        }
    }

    private static String openTwice(DeedSite site) throws java.io.IOException {
        try (Region region = site.region()) {
            mutex(region, MutexKind.ERROR_CHECKING).lock().close();
            long before = mappings(site);
            try (Region again = Region.open(site.path())) {
                again.mutex("m").lock().close();
                long after = mappings(site);
                return before == after ? "one mapping" : before + " mappings, then " + after;
            }
        }
    }

    private static long mappings(DeedSite site) throws java.io.IOException {
        return Files.readAllLines(Path.of("/proc/self/maps")).stream()
                .filter(line -> line.endsWith(site.path()))
                .count();
    }

    private static String closeTwice(DeedSite site) throws Exception {
        try (Region region = site.region()) {
            RobustMutex mutex = mutex(region, MutexKind.ERROR_CHECKING);
            Hold first = mutex.lock();
            first.close();
            CountDownLatch held = new CountDownLatch(1);
            CountDownLatch done = new CountDownLatch(1);
            Thread other = Thread.ofPlatform().start(() -> {
                try (Hold hold = mutex.lock()) {
                    held.countDown();
                    done.await();
                } catch (InterruptedException never) {
                    Thread.currentThread().interrupt();
                }
            });
            held.await();
            int before = site.word();
            first.close();
            boolean untouched = before == site.word();
            done.countDown();
            other.join();
            return untouched ? "no effect" : "released another's";
        }
    }

    /** In a JVM that has loaded the library already. */
    private static String twoLoaders(DeedSite site) throws Exception {
        site.region().close();
        URL[] classes = {location()};
        try (URLClassLoader another = new URLClassLoader(classes, null)) {
            another.loadClass("io.mortmain.Region")
                    .getMethod("create", String.class, long.class)
                    .invoke(null, site.path() + "-2", 0L);
            Files.deleteIfExists(Path.of(site.path() + "-2"));
            return "not refused";
        } catch (InvocationTargetException refused) {
            String cause = String.valueOf(refused.getCause());
            return cause.contains("is loaded in this JVM already") ? "refused" : cause;
        }
    }

    private static URL location() throws Exception {
        Module module = Region.class.getModule();
        URI place = module.isNamed()
                ? module.getLayer()
                        .configuration()
                        .findModule(module.getName())
                        .orElseThrow()
                        .reference()
                        .location()
                        .orElseThrow()
                : Region.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI();
        return place.toURL();
    }

    /** The argument: how many of them C code takes on the same thread. */
    private static String tooMany(DeedSite site) throws Exception {
        int byC = site.number();
        RegionOptions options = RegionOptions.DEFAULT.withMaxObjects(MOST_HELD + 1);
        try (Region region = Region.create(site.path(), 0, options)) {
            RobustMutex[] mutexes = new RobustMutex[MOST_HELD + 1 - byC];
            for (int i = 0; i < mutexes.length; i++) {
                mutexes[i] = region.mutex("m" + i);
            }
            return onThread("holds many", () -> hold(mutexes, byC));
        }
    }

    private static String hold(RobustMutex[] mutexes, int byC) {
        long[] ofC = new long[byC];
        for (int i = 0; i < byC; i++) {
            ofC[i] = Libc.newMutex();
            Libc.lock(ofC[i]);
        }
        Deque<Hold> holds = new ArrayDeque<>();
        for (int i = 0; i < mutexes.length - 1; i++) {
            holds.push(mutexes[i].lock());
        }
        String reason = refusal(mutexes[mutexes.length - 1]::lock);
        while (!holds.isEmpty()) {
            holds.pop().close();
        }
        for (long mutex : ofC) {
            Libc.unlock(mutex);
        }
        return reason;
    }
}
