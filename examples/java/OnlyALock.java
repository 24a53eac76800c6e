import module io.mortmain;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

void main() throws InterruptedException {
    try (var region = Region.openOrCreate("book", 1 << 20)) {
        var accounts = region.memory("accounts", 16);                 // alice and bob: together always 0
        var mutex = region.mutex("book", death -> {                   // runs after a death, before anybody else gets in
            IO.println("told: " + death);
            accounts.setAtIndex(JAVA_LONG, 1, -accounts.getAtIndex(JAVA_LONG, 0));
        });
        while (true) {
            try (var hold = mutex.lock()) {
                accounts.setAtIndex(JAVA_LONG, 0, accounts.getAtIndex(JAVA_LONG, 0) - 1);
                Thread.sleep(100);                                    // kill -9 me here
                accounts.setAtIndex(JAVA_LONG, 1, accounts.getAtIndex(JAVA_LONG, 1) + 1);
                IO.println("alice " + accounts.getAtIndex(JAVA_LONG, 0) + ", bob " + accounts.getAtIndex(JAVA_LONG, 1));
            }
        }
    }
}
