package io.mortmain.internal.linux;

/** A system call failed. Its sentence names the call, the object, the error and the cure; the public door translates it by {@link #errno()}. */
public final class LinuxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Errno errno;
    private final String sentence;

    LinuxException(String call, String object, int number) {
        this(call, object, number, Errno.of(number));
    }

    private LinuxException(String call, String object, int number, Errno errno) {
        super(call + " failed for " + (object.isEmpty() ? "\"\"" : object) + ": " + explain(number, errno));
        this.errno = errno;
        this.sentence = call + " failed: " + explain(number, errno);
    }

    private static String explain(int number, Errno errno) {
        return errno.meaning() + " (" + (errno == Errno.OTHER ? "errno " + number : errno.name()) + "); "
                + errno.cure();
    }

    public Errno errno() {
        return errno;
    }

    /** The message without the object, for callers that name it themselves. */
    public String sentence() {
        return sentence;
    }
}
