import module io.mortmain;

// A Java program that shares a lock and two balances with bank.c and bank.py, in the region "branch". Kill any of them: another one is
// told, and repairs.
//
//     ./mortmain java examples/java/Bank.java

static final int ALICE = 0;
static final int BOB = 1;

void main(String[] arguments) throws InterruptedException {
    String name = arguments.length > 0 ? arguments[0] : "branch";
    try (Region region = Region.openOrCreate(name, 1 << 20)) {
        MemorySegment accounts = region.memory("accounts", 2 * Long.BYTES);
        RobustMutex book = region.mutex("book", death -> repair(accounts));
        IO.println("Java: at work");
        while (true) {
            try (Hold hold = book.lock()) {
                add(accounts, ALICE, -1);
                Thread.sleep(1); // kill me here
                add(accounts, BOB, 1);
            }
            Thread.sleep(1);
        }
    }
}

/** Together the two accounts hold nothing: what Alice has not, Bob has. */
static void repair(MemorySegment accounts) {
    long alice = accounts.getAtIndex(ValueLayout.JAVA_LONG, ALICE);
    accounts.setAtIndex(ValueLayout.JAVA_LONG, BOB, -alice);
    IO.println("Java: told of a death; now alice " + alice + ", bob " + -alice);
}

static void add(MemorySegment accounts, int account, long amount) {
    long balance = accounts.getAtIndex(ValueLayout.JAVA_LONG, account);
    accounts.setAtIndex(ValueLayout.JAVA_LONG, account, balance + amount);
}
