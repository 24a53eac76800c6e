import module io.mortmain;

// A Java program that shares two balances with guarded.c. Kill either of them at any moment: nobody is told, and nobody repairs,
// because whoever comes next finds the balances as they were before.
//
//     ./mortmain java examples/java/GuardedBank.java

record Bank(long alice, long bob) {
    Bank {
        if (alice + bob != 0) {
            throw new IllegalArgumentException("alice " + alice + ", bob " + bob + ": this never happens");
        }
    }
}

void main(String[] arguments) throws InterruptedException {
    String name = arguments.length > 0 ? arguments[0] : "guarded-bank";
    try (Region region = Region.openOrCreate(name, 1 << 20)) {
        Guarded<Bank> accounts = region.guarded("accounts", new Bank(0, 0));
        IO.println("Java: at work");
        while (true) {
            accounts.update(before -> new Bank(before.alice() - 1, before.bob() + 1));
            Thread.sleep(1);
        }
    }
}
