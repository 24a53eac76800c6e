import module io.mortmain;
import module java.base;

// What guarded data can do, each in a few lines. All of it is changed as a whole or not at all, whoever dies when.
//
//     ./mortmain java examples/java/GuardedTour.java

record Person(@Length(32) String name, @Length(3) int[] marks) {}

record Account(long balance) {
    Account plus(long amount) {
        return new Account(balance + amount);
    }
}

void main(String[] arguments) throws InterruptedException {
    String name = arguments.length > 0 ? arguments[0] : "tour";
    try (Region region = Region.openOrCreate(name, 1 << 20)) {
        aRecordWithAString(region);
        anArray(region);
        waiting(region);
        aHeap(region);
        aCounter(region);
    }
}

/** Strings and arrays in records have a greatest length: a string of at most 32 bytes, an array of exactly 3 elements. */
void aRecordWithAString(Region region) {
    Guarded<Person> person = region.guarded("person", new Person("", new int[3]));
    person.set(new Person("Ann", new int[] {1, 2, 3}));
    person.update(p -> new Person(p.name() + " Lee", p.marks()));
    IO.println("name " + person.get().name());
}

/** The function gets the elements that were named, and changes all of them or none. */
void anArray(Region region) {
    GuardedArray<Account> accounts = region.guardedArray("accounts", 10, new Account(100));
    accounts.fill(new Account(100));
    accounts.update(new int[] {2, 7}, elements -> {
        elements.update(2, account -> account.plus(-30));
        elements.update(7, account -> account.plus(30));
    });
    IO.println("balances " + accounts.get(2).balance() + " and " + accounts.get(7).balance());
}

/** It goes on when any process, in Java or C, has made the condition true. */
void waiting(Region region) throws InterruptedException {
    Guarded<Account> account = region.guarded("savings", new Account(0));
    account.set(new Account(0));
    Thread.startVirtualThread(() -> account.update(a -> a.plus(50)));
    IO.println("saved " + account.await(a -> a.balance() >= 50).balance());
}

/** A list: each block has the handle of the next, and the root, which every program finds, that of the first. */
void aHeap(Region region) {
    SharedHeap heap = region.heap("list", 1 << 17);
    heap.clear();
    for (long number = 1; number <= 3; number++) {
        long value = number;
        heap.update(tx -> {
            long block = tx.allocate(16);
            tx.putLong(block, 0, tx.root()); // the one before, or 0
            tx.putLong(block, 8, value);
            tx.setRoot(block);
        });
    }
    IO.println("list" + heap.read(view -> {
        StringBuilder numbers = new StringBuilder();
        for (long block = view.root(); block != 0; block = view.getLong(block, 0)) {
            numbers.append(' ').append(view.getLong(block, 8));
        }
        return numbers;
    }));
}

/** One number, changed in one step and without a lock. */
void aCounter(Region region) {
    SharedLong hits = region.counter("hits");
    hits.set(0);
    IO.println("hits " + hits.incrementAndGet());
}
