package io.mortmain.internal.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.testing.AllocatedBytes;
import io.mortmain.testing.TestProcess;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A record of primitives, records within it too, goes through the codec without becoming an object, once that is compiled. */
class CodecAllocationTest {
    private static final int MOST_JVMS = 3;
    private static final String NOTHING = "bytes allocated per round trip: bank 0\\.0[01] account 0\\.0[01],.*";
    private static final int OPERATIONS = 1_000_000;
    /** Until the compilers are done, which on a busy machine takes long; what allocates when compiled does so in all. */
    private static final int MOST_ROUNDS = 60;
    /** What the counting itself costs. */
    private static final double SOME = 0.01;

    private record Bank(long a, long b) {}

    private record Inner(int x, double y) {}

    private record Account(boolean open, short branch, int transfers, long cents, float rate, Inner inner) {
        Account next() {
            return new Account(!open, branch, transfers + 1, cents, rate, new Inner(inner.x + 1, inner.y));
        }
    }

    /** A JVM with its default compilers. */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        AllocatedBytes bytes = new AllocatedBytes();
        Codec<Bank> banks = Codec.of(Bank.class);
        Codec<Account> accounts = Codec.of(Account.class);
        long[] bank = words(banks);
        long[] account = words(accounts);
        double ofBanks = 1;
        double ofAccounts = 1;
        for (int round = 0; (ofBanks > SOME || ofAccounts > SOME) && round < MOST_ROUNDS; round++) {
            long before = bytes.now();
            transfer(banks, bank);
            long between = bytes.now();
            count(accounts, account);
            ofBanks = (between - before) / (double) OPERATIONS;
            ofAccounts = (bytes.now() - between) / (double) OPERATIONS;
        }
        System.out.printf(
                "bytes allocated per round trip: bank %.2f account %.2f, at the end %s %s%n",
                ofBanks, ofAccounts, banks.decode(bank), accounts.decode(account));
    }

    private static void transfer(Codec<Bank> codec, long[] words) {
        for (int i = 0; i < OPERATIONS; i++) {
            Bank bank = codec.decode(words);
            codec.encode(new Bank(bank.a - 1, bank.b + 1), words);
        }
    }

    private static void count(Codec<Account> codec, long[] words) {
        for (int i = 0; i < OPERATIONS; i++) {
            codec.encode(codec.decode(words).next(), words);
        }
    }

    private static long[] words(Codec<?> codec) {
        return new long[(int) (codec.schema().size() / Long.BYTES)];
    }

    /** The JIT decides anew in each JVM what it copies into what. */
    @Test
    void shouldAllocateNothingWhenCompiled() {
        String said = "";
        for (int jvm = 0; jvm < MOST_JVMS && !said.matches(NOTHING); jvm++) {
            try (TestProcess compiled =
                    TestProcess.java(List.of("-XX:TieredStopAtLevel=4"), CodecAllocationTest.class)) {
                said = compiled.expect("bytes allocated per round trip: ");
                System.out.println(said);
            }
        }
        assertThat(said).matches(NOTHING);
    }
}
