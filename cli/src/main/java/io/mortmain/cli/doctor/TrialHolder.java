package io.mortmain.cli.doctor;

import io.mortmain.Hold;
import io.mortmain.Region;
import io.mortmain.RobustMutex;
import io.mortmain.internal.linux.AddressSpace;
import io.mortmain.internal.linux.OtherMemory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/** The process that holds a mutex and dies. Started by the doctor only; ends, at the latest, when its standard input does. */
final class TrialHolder {
    static final String HOLDING = "mortmain-doctor: holding ";
    static final String UNMAPPED = "mortmain-doctor: unmapped";
    static final String UNMAP = "unmap";

    private TrialHolder() {}

    /** Arguments: region, mutex, the doctor's process number. */
    public static void main(String[] arguments) throws IOException {
        RobustMutex mutex = Region.open(arguments[0]).mutex(arguments[1]);
        Hold hold = mutex.lock();
        say(HOLDING + canRead(Integer.parseInt(arguments[2])));
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        if (UNMAP.equals(orders.readLine())) {
            unmap(hold.mutex());
            say(UNMAPPED);
            orders.read();
        }
        Runtime.getRuntime().halt(0);
    }

    /** Whether this process may look at the robust list of one that it did not start, as a stranger must. */
    private static boolean canRead(int threadId) {
        try (OtherMemory memory = new OtherMemory(threadId)) {
            OptionalLong head = memory.robustListHead();
            return head.isPresent() && memory.readLong(head.getAsLong()).isPresent();
        }
    }

    /** Takes the page of a mutex out of our memory, so that the kernel does not find it when we die. */
    private static void unmap(RobustMutex mutex) {
        long page = mutex.pthreadMutex().address() & -AddressSpace.PAGE_SIZE;
        AddressSpace.unmap(page, AddressSpace.PAGE_SIZE);
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
