package io.mortmain.internal.linux;

/** A system call failed. Its sentence names the call, the object, the error and the cure; the public door translates it by {@link #errno()}. */
public final class LinuxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Errno errno;
    private final int number;
    private final String sentence;

    /** With the usual cure of the error. */
    public LinuxException(String call, String object, int number) {
        this(call, object, number, Errno.of(number).cure());
    }

    /** With the cure for this call, where the usual one of the error does not help. */
    LinuxException(String call, String object, int number, String cure) {
        super(call + " failed for " + (object.isEmpty() ? "\"\"" : object) + ": " + explain(number, cure));
        this.errno = Errno.of(number);
        this.number = number;
        this.sentence = call + " failed: " + explain(number, cure);
    }

    private static String explain(int number, String cure) {
        Errno errno = Errno.of(number);
        return errno.meaning() + " (" + (errno == Errno.OTHER ? "errno " + number : errno.name()) + "); " + cure;
    }

    public Errno errno() {
        return errno;
    }

    /** As the kernel gave it, also where {@link #errno} has no row for it. */
    public int number() {
        return number;
    }

    /** The message without the object, for callers that name it themselves. */
    public String sentence() {
        return sentence;
    }
}
