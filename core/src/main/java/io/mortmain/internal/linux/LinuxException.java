package io.mortmain.internal.linux;

/** A system call failed. Its sentence names the call, the object, the error and the cure; the public door translates it by {@link #errno()}. */
public final class LinuxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Errno errno;

    LinuxException(String call, String object, int number) {
        this(call, object, number, Errno.of(number));
    }

    private LinuxException(String call, String object, int number, Errno errno) {
        super(call + " failed for " + object + ": " + errno.meaning() + " ("
                + (errno == Errno.OTHER ? "errno " + number : errno.name()) + "); " + errno.cure());
        this.errno = errno;
    }

    public Errno errno() {
        return errno;
    }
}
