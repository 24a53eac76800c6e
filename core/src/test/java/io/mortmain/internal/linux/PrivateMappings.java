package io.mortmain.internal.linux;

/** Lets tests of other packages make the mapping that the library never makes. */
public final class PrivateMappings {
    private PrivateMappings() {}

    /** The start of the file, mapped privately; its address. */
    public static long map(OpenFile file, long size) {
        return AddressSpace.mapPrivate(file.descriptor(), 0, size, file.path());
    }
}
