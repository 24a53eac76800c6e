package io.mortmain.stress.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.mortmain.errors.RegionException;
import io.mortmain.internal.layout.DirectoryEntryLayout;
import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.region.StressDirectory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** A directory entry, and the mutex that it leads to: published by one release store of the state, read after an acquire read of it. */
public final class PublishedEntry {
    private static final String NAME = "mutex";
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    private PublishedEntry() {}

    /** The shipped directory, seen from two processes. Results: the kind in the entry, or -1; the kind in the mutex. */
    @JCStressTest
    @State
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "not yet")
    @Outcome(id = "146, 146", expect = ACCEPTABLE, desc = "whole")
    @Outcome(expect = FORBIDDEN, desc = "an entry in part, or before its mutex")
    public static class Shipped {
        private final MemorySegment memory = NativeMemory.next();
        private final long mutex = memory.address() + DirectoryEntryLayout.SIZE;
        private final StressDirectory creator = directory();
        private final StressDirectory opener = directory();

        private StressDirectory directory() {
            return new StressDirectory(memory.asSlice(0, DirectoryEntryLayout.SIZE));
        }

        /** As OpenRegion.createMutex. */
        @Actor
        public void creates() {
            Scene.WORDS.putIntRelease(mutex + GlibcMutexLayout.KIND, Scene.KIND);
            creator.publish(NAME, Scene.KIND);
        }

        /** As OpenRegion.findMutex. */
        @Actor
        public void opens(II_Result r) {
            try {
                r.r1 = opener.kindOf(NAME);
                r.r2 = r.r1 == 0 ? 0 : Scene.WORDS.getIntPlain(mutex + GlibcMutexLayout.KIND);
            } catch (RegionException damaged) {
                r.r1 = -1;
            }
        }
    }

    /** The state is read plainly, between two looks at the entry. Results: an early look at the offset, the state, a late look. */
    @JCStressTest
    @State
    @Outcome(id = "0, 1, 0", expect = ACCEPTABLE_INTERESTING, desc = "published, and not there")
    @Outcome(expect = ACCEPTABLE, desc = "not yet, or whole")
    public static class PlantedPlainLook {
        private final MemorySegment entry = NativeMemory.next();

        /** The first and the last store of ObjectDirectory.publish. */
        @Actor
        public void creates() {
            LONG.set(entry, (long) DirectoryEntryLayout.OFFSET, 1L);
            INT.setRelease(entry, (long) DirectoryEntryLayout.STATE, DirectoryEntryLayout.STATE_PUBLISHED);
        }

        /** The compiler may use the early look again. */
        @Actor
        public void opens(III_Result r) {
            r.r1 = (int) (long) LONG.get(entry, (long) DirectoryEntryLayout.OFFSET);
            r.r2 = (int) INT.get(entry, (long) DirectoryEntryLayout.STATE);
            r.r3 = (int) (long) LONG.get(entry, (long) DirectoryEntryLayout.OFFSET);
        }
    }
}
