import module io.mortmain;
import java.util.concurrent.locks.LockSupport;

record Bank(long alice, long bob) {}

void main() {
    try (var region = Region.openOrCreate("bank", 1 << 20)) {
        var bank = region.guarded("accounts", new Bank(1_000, 0));
        while (true) {
            IO.println(bank.updateAndGet(b -> {
                LockSupport.parkNanos(100_000_000);              // kill -9 me here
                return new Bank(b.alice() - 1, b.bob() + 1);     // all or nothing, whoever dies
            }));
        }
    }
}
