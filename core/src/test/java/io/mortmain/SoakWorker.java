package io.mortmain;

import java.io.IOException;

/** A Java worker of {@link GuardedSoakTest}: one transaction after the other until it is killed, or its tester is. */
final class SoakWorker {
    private SoakWorker() {}

    /** Arguments: region, number of the worker. */
    public static void main(String[] arguments) {
        Thread.ofPlatform().daemon().start(SoakWorker::endWithTheTester);
        int worker = Integer.parseInt(arguments[1]);
        Region region = Region.open(arguments[0]);
        Guarded<SoakSheet> sheet = region.guarded("sheet", SoakSheet.of(0));
        SoakMarks marks = new SoakMarks(region.memory("marks", SoakMarks.SIZE));
        System.out.println("ready");
        for (; ; ) {
            long called = System.nanoTime();
            sheet.update(seen -> {
                marks.begin(worker, seen, System.nanoTime() - called);
                return seen.next();
            });
            marks.end(worker);
        }
    }

    private static void endWithTheTester() {
        try {
            while (System.in.read() >= 0) {
                // nothing is said to it
            }
        } catch (IOException gone) {
            // as at the end
        }
        Runtime.getRuntime().halt(0);
    }
}
