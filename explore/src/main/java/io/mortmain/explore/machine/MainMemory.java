package io.mortmain.explore.machine;

import io.mortmain.explore.machine.Access.Kind;
import io.mortmain.internal.layout.GlibcMutexLayout;
import org.jspecify.annotations.Nullable;

/** The memory of a {@link Machine}: what an access to a word does, what the thread learns of it, and which rules are looked at before. */
final class MainMemory {
    private final MemoryMap map;
    private final Privacy privacy;
    private final Rules rules;
    private final @Nullable DataRules dataRules;
    private final boolean reduces;

    /** @param reduces whether a thread is told no more of owner fields than its code asks for, see {@link Machine} */
    MainMemory(MemoryMap map, Privacy privacy, Rules rules, @Nullable DataRules dataRules, boolean reduces) {
        this.map = map;
        this.privacy = privacy;
        this.rules = rules;
        this.dataRules = dataRules;
        this.reduces = reduces;
    }

    /** Does it, and returns what the thread learns of it. */
    long perform(World world, int thread, Access access) {
        beforeAccess(world, thread, access);
        long address = access.address();
        return switch (access.kind()) {
            case LOAD ->
                reduces && privacy.isAskedForRefusalOnly(world, thread, address)
                        ? asRefusal(word(world, address))
                        : word(world, address);
            case LOAD_LONG ->
                reduces && privacy.isAskedForRefusalOnly(world, thread, address)
                        ? asRefusal((int) getLong(world, address))
                        : getLong(world, address);
            case STORE -> {
                rules.beforeStore(world, thread, address, (int) access.first());
                put(world, address, (int) access.first());
                yield 0;
            }
            case STORE_LONG -> {
                rules.beforeStore(world, thread, address, (int) access.first());
                if (!MemoryMap.isCounter(address)) {
                    putLong(world, address, access.first());
                }
                yield 0;
            }
            case COMPARE_AND_SET -> {
                boolean equal = word(world, address) == (int) access.first();
                if (equal) {
                    exchange(world, thread, address, (int) access.second());
                }
                yield equal ? 1 : 0;
            }
            case SWAP -> {
                int old = word(world, address);
                exchange(world, thread, address, (int) access.first());
                yield old;
            }
            default -> throw new AssertionError(access);
        };
    }

    private void beforeAccess(World world, int thread, Access access) {
        long address = access.address();
        privacy.beforeAccess(world, thread, address);
        if (access.kind() == Kind.LOAD || access.kind() == Kind.LOAD_LONG) {
            privacy.beforeLoad(world, thread, address);
        }
        if (dataRules != null && access.kind() == Kind.LOAD_LONG) {
            dataRules.beforeLoad(world, thread, address);
        }
        if (dataRules != null && (access.kind() == Kind.STORE || access.kind() == Kind.STORE_LONG)) {
            dataRules.beforeStore(world, thread, address, access.first());
        }
    }

    private static int asRefusal(int owner) {
        return owner == GlibcMutexLayout.OWNER_NOT_RECOVERABLE ? owner : 0;
    }

    private void exchange(World world, int thread, long address, int value) {
        int old = word(world, address);
        put(world, address, value);
        if (MemoryMap.isLock(address)) {
            rules.afterExchange(world, thread, MemoryMap.mutexAt(address), old, value);
        }
    }

    int word(World world, long address) {
        return world.word(mapped(address));
    }

    void put(World world, long address, int value) {
        world.setWord(mapped(address), value);
    }

    private long getLong(World world, long address) {
        return map.getLong(world, mapped(address));
    }

    void putLong(World world, long address, long value) {
        map.putLong(world, mapped(address), value);
    }

    private int mapped(long address) {
        int index = map.index(address);
        Rules.require(
                index >= 0,
                Rule.OWN_WORDS_ONLY,
                () -> "access to " + MemoryMap.name(address) + ", which is not mapped");
        return index;
    }
}
