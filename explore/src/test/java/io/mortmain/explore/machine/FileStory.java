package io.mortmain.explore.machine;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What two processes, A and B, do with files that want the same name, one call after the other, each with what comes of it: {@code ok}, an
 * error, or what was asked for. {@code die} is the death of the process.
 */
record FileStory(String told, boolean isTight, List<Deed> deeds) {
    /** One call of one process. */
    record Deed(int process, String command, String result) {
        private static Deed parse(String text) {
            String[] parts = text.split("=", -1);
            return new Deed(text.charAt(0) - 'A', parts[0].substring(2), parts[1]);
        }
    }

    private static FileStory of(String told, String deeds) {
        return of(told, false, deeds);
    }

    /** Where there is space for one whole file only. */
    private static FileStory tight(String told, String deeds) {
        return of(told, true, deeds);
    }

    private static FileStory of(String told, boolean isTight, String deeds) {
        return new FileStory(
                told,
                isTight,
                Arrays.stream(deeds.split(", ", -1)).map(Deed::parse).toList());
    }

    List<String> results() {
        return deeds.stream().map(Deed::result).toList();
    }

    @Override
    public String toString() {
        return told;
    }

    static Stream<FileStory> all() {
        return Stream.of(
                of(
                        "a file is not there before it has its name, and wholly then",
                        "A make=ok, A reserve=ok, A write one=ok, B open=ENOENT, A link=ok, B open=ok, B size=whole, B read=one"),
                of(
                        "a taken name is given to nobody else",
                        "A make=ok, B make=ok, A write one=ok, B write two=ok, A link=ok, B link=EEXIST, B read=two, B close=ok,"
                                + " B open=ok, B read=one"),
                of(
                        "who dies before the name leaves none",
                        "A make=ok, A write one=ok, A die=ok, B open=ENOENT, B make=ok, B link=ok"),
                of(
                        "who dies after the name leaves the file",
                        "A make=ok, A write one=ok, A link=ok, A die=ok, B open=ok, B read=one"),
                of(
                        "who has the file has it still when its name is gone, and another gets the name",
                        "A make=ok, A write one=ok, A link=ok, B unlink=ok, B open=ENOENT, B unlink=ENOENT, A read=one,"
                                + " B make=ok, B write two=ok, B link=ok, A read=one, A close=ok, A open=ok, A read=two"),
                of(
                        "a name that was removed is not given again by itself",
                        "A make=ok, A link=ok, B open=ok, A unlink=ok, A close=ok, B close=ok, B open=ENOENT, A open=ENOENT"),
                of(
                        "reserving gives the size",
                        "A make=ok, A size=empty, A reserve=ok, A size=whole, A write one=ok, A size=whole"),
                tight(
                        "space that is reserved is nobody else's, until its owner dies",
                        "A make=ok, A reserve=ok, B make=ok, B reserve=ENOSPC, B size=empty, A die=ok, B reserve=ok, B size=whole"),
                tight(
                        "a file without a name gives its space back when it is closed",
                        "A make=ok, A reserve=ok, B make=ok, B reserve=ENOSPC, A close=ok, B reserve=ok"),
                tight(
                        "a file with a name keeps its space",
                        "A make=ok, A reserve=ok, A link=ok, A die=ok, B make=ok, B reserve=ENOSPC, B unlink=ok, B reserve=ok"),
                tight(
                        "a file that is mapped keeps its space",
                        "A make=ok, A reserve=ok, A map=ok, A link=ok, A close=ok, B unlink=ok, B make=ok, B reserve=ENOSPC, A unmap=ok,"
                                + " B reserve=ok"));
    }
}
