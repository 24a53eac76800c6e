package io.mortmain.explore.machine;

/** What must be true in every state that can be reached. The numbers are for ever. */
public enum Rule {
    ONE_HOLDER(1, "never are two inside at once"),
    NO_ROBBERY(2, "a living holder's number leaves the word by its own hand only"),
    TOLD(
            3,
            "a death while holding is told to the next to get the mutex, and to each after it until one declares it consistent"),
    NOT_TOLD_FALSELY(4, "nobody is told of a death that was not"),
    NOT_RECOVERABLE(5, "a mutex that was given up is refused to all until it is reset, and no other is"),
    WOKEN(
            6,
            "who sleeps while the mutex is free was woken; a wake-up can be missing by a kill, or where glibc refuses somebody, and the library's waiters miss it for a slice at most"),
    GETS_ON(7, "who waits is told, gets the mutex, or leaves when it wanted to"),
    REACHABLE(8, "from whoever has its number in a word, list or pending word lead there"),
    LIST_WHOLE(
            9,
            "a thread's list leads to what it holds and to nothing else; outside of lock and unlock, to and fro, and nothing is pending"),
    OWN_WORDS_ONLY(
            10,
            "nothing is written but the mutex and new directory entries, by the holder, and the thread's own list; and what is the holder's alone nobody else reads"),
    LEFT_CLEAN(11, "when all is over, the word is 0, or has what the next must be told"),
    OWN_CODE(12, "no operation fails that is allowed, and no code throws"),
    FIELDS_RIGHT(13, "count, owner and, until a thread is killed, users say of a mutex what C code relies on"),
    BORN_WHOLE(
            14,
            "a file that has a region's name is whole: its space is reserved, its header and directory mutex are written, its group and mode are set"),
    ONE_REGION(
            15,
            "who creates or opens a region has the one that has the name, or had it until somebody removed it; of creators at once one succeeds"),
    NOTHING_LEFT(16, "a creation that failed or was killed leaves nothing: no name, no space, no open file"),
    SEEN_WHOLE(
            17,
            "who looks at data sees the words of a transaction together: all of one that is committed, nothing of any other"),
    FINAL(18, "no word changes without a valid entry that can undo it, and what is committed is never undone");

    private final int number;
    private final String text;

    Rule(int number, String text) {
        this.number = number;
        this.text = text;
    }

    public int number() {
        return number;
    }

    /** The rule, as a sentence without its full stop. */
    public String text() {
        return text;
    }

    @Override
    public String toString() {
        return "rule " + number + " (" + text + ")";
    }
}
