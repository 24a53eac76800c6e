package io.mortmain.cli.torture;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.mortmain.Region;
import io.mortmain.RegionSnapshot.NamedObject;
import io.mortmain.internal.layout.GuardedBlockLayout;
import java.io.IOException;
import java.lang.foreign.MemoryLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/**
 * Where guarded words are, looked at from outside: the file is mapped, nothing is locked.
 *
 * @param words how many there are
 */
record GuardedSpot(Path file, String name, int words, ByteBuffer block, ByteBuffer counter) {
    static final String NAME = "words";
    static final String COUNTER = "counter";
    private static final int REST = 8_192;

    static MemoryLayout layout(int words) {
        return MemoryLayout.structLayout(
                MemoryLayout.sequenceLayout(words, JAVA_LONG).withName("words"));
    }

    /** Makes a region with so many words, all zero, and a counter. */
    static GuardedSpot create(Path file, int words) throws IOException {
        long capacity = (long) words * (Long.BYTES + GuardedBlockLayout.ENTRY_SIZE) + REST;
        try (Region region = Region.create(file.toString(), capacity)) {
            region.guarded(NAME, layout(words));
            region.counter(COUNTER);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return spot(channel, file, NAME, words);
        }
    }

    /** The same with another object that has a journal, made by the maker in so many bytes. */
    static GuardedSpot create(Path file, String name, int words, long size, Consumer<Region> maker) throws IOException {
        try (Region region = Region.create(file.toString(), size + REST)) {
            maker.accept(region);
            region.counter(COUNTER);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return spot(channel, file, name, words);
        }
    }

    private static GuardedSpot spot(FileChannel channel, Path file, String name, int words) throws IOException {
        return new GuardedSpot(
                file, name, words, map(channel, object(file, name)), map(channel, object(file, COUNTER)));
    }

    private static ByteBuffer map(FileChannel channel, NamedObject object) throws IOException {
        return channel.map(FileChannel.MapMode.READ_ONLY, object.offset(), object.size())
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    private static NamedObject object(Path file, String name) {
        return Region.inspect(file.toString()).objects().stream()
                .filter(object -> object.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Entries of the journal that say what is to be undone. */
    int used() {
        return block.getInt(GuardedBlockLayout.JOURNAL_USED);
    }

    long word(int index) {
        return block.getLong((int) block.getLong(GuardedBlockLayout.DATA) + index * Long.BYTES);
    }

    /** What the counter is. */
    long counted() {
        return counter.getLong(0);
    }

    /** How many words are that number. */
    int count(long number) {
        int count = 0;
        for (int i = 0; i < words; i++) {
            count += word(i) == number ? 1 : 0;
        }
        return count;
    }

    boolean isHeld() {
        return object(file, name).mutex().orElseThrow().word() != 0;
    }

    /** What a deed of this spot begins with, and ends with. */
    String deed(String name) {
        return "deed " + name + " " + words + " " + file;
    }
}
