package io.mortmain.internal.lock;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.internal.layout.ThreadSlotLayout;
import io.mortmain.internal.linux.KernelThread;
import io.mortmain.internal.words.MappedWords;
import io.mortmain.testing.CProgram;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.reflect.Field;
import org.junit.jupiter.api.Test;

/** C3: a forked child finds the cached thread number wiped, and so cannot lock in its parent's name. */
class ForkedChildTest {
    @Test
    void shouldFindNoThreadNumberInAForkedChild() throws Throwable {
        LockThread me = LockThread.current();
        assertThat(me.threadId()).isEqualTo(KernelThread.id());
        try (Arena arena = Arena.ofConfined()) {
            var library = SymbolLookup.libraryLookup(CProgram.compileLibrary("forked"), arena);
            var fork = Linker.nativeLinker()
                    .downcallHandle(
                            library.findOrThrow("seen_by_child"), FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
            MemorySegment parentSees = arena.allocate(JAVA_INT);
            var childSees =
                    (int) fork.invokeExact(MemorySegment.ofAddress(me.slot + ThreadSlotLayout.THREAD_ID), parentSees);
            assertThat(parentSees.get(JAVA_INT, 0)).isEqualTo(KernelThread.id());
            assertThat(childSees).as("what the child reads").isZero();
        }
        assertThat(me.threadId()).isEqualTo(KernelThread.id());
    }

    /** A thread that never locked has no number to be wiped: the mark of the process is. */
    @Test
    void shouldBeKnownAsAForkedChildWhereTheThreadNeverLocked() throws Throwable {
        assertThat(ThreadSlots.isForkedChild()).isFalse();
        Field mark = ThreadSlots.class.getDeclaredField("SAME_PROCESS");
        mark.setAccessible(true);
        try (Arena arena = Arena.ofConfined()) {
            var library = SymbolLookup.libraryLookup(CProgram.compileLibrary("forked"), arena);
            var fork = Linker.nativeLinker()
                    .downcallHandle(
                            library.findOrThrow("seen_by_child"), FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
            MemorySegment parentSees = arena.allocate(JAVA_INT);
            var childSees = (int) fork.invokeExact(MemorySegment.ofAddress(mark.getLong(null)), parentSees);
            assertThat(parentSees.get(JAVA_INT, 0)).isEqualTo(1);
            assertThat(childSees).as("what the child reads").isZero();
        }
        assertThat(ThreadSlots.isForkedChild()).isFalse();
    }

    /** What the child would find, over the simulated memory: no way to lock, unlock or declare anything. */
    @Test
    void shouldRefuseEverythingWhenTheThreadNumberIsWiped() {
        SimulatedWorld world = new SimulatedWorld(new HeapWords());
        long mutex = world.mutex(0);
        world.lock(world.me, mutex);
        MappedWords.INSTANCE.putIntRelease(world.me.slot + ThreadSlotLayout.THREAD_ID, 0);
        try {
            int kind = SimulatedWorld.ERROR_CHECKING;
            assertThat(world.lock(world.me, world.mutex(1))).isEqualTo(Outcome.FORKED_CHILD);
            assertThat(world.slowPaths.unlock(world.me, mutex, kind, world.gate))
                    .isEqualTo(Outcome.FORKED_CHILD);
            assertThat(world.slowPaths.handOnDeath(world.me, mutex, world.gate)).isEqualTo(Outcome.FORKED_CHILD);
            assertThat(world.slowPaths.lockForReset(world.me, mutex, kind, world.gate))
                    .isEqualTo(Outcome.FORKED_CHILD);
            assertThat(world.slowPaths.markConsistent(world.me, mutex)).isEqualTo(Outcome.NOT_HOLDER);
        } finally {
            MappedWords.INSTANCE.putIntRelease(world.me.slot + ThreadSlotLayout.THREAD_ID, SimulatedWorld.MINE);
        }
    }

    /** Regions are left out of the child's memory: to look at a mutex there ends it by a signal. */
    @Test
    void shouldRefuseAReleaseBeforeItLooksAtTheMutex() {
        boolean[] isInChild = new boolean[1];
        SimulatedWorld world = new SimulatedWorld(new HeapWords() {
            @Override
            public long getLongPlain(long address) {
                assertThat(isInChild[0]).as("a look at what is not there").isFalse();
                return super.getLongPlain(address);
            }
        });
        long mutex = world.mutex(0);
        world.lock(world.me, mutex);
        MappedWords.INSTANCE.putIntRelease(world.me.slot + ThreadSlotLayout.THREAD_ID, 0);
        isInChild[0] = true;
        try {
            assertThat(world.protocol.unlockUncontended(world.me, mutex, world.gate))
                    .isFalse();
            assertThat(world.slowPaths.unlock(world.me, mutex, SimulatedWorld.ERROR_CHECKING, world.gate))
                    .isEqualTo(Outcome.FORKED_CHILD);
        } finally {
            MappedWords.INSTANCE.putIntRelease(world.me.slot + ThreadSlotLayout.THREAD_ID, SimulatedWorld.MINE);
        }
    }
}
