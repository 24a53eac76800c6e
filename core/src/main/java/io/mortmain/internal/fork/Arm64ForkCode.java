package io.mortmain.internal.fork;

import io.mortmain.internal.fork.Assembler.Label;

/**
 * The fork code for aarch64. What it does is said in {@link ForkCode}, step by step, and is the same for each processor.
 *
 * <p>x9 the page, w10 this thread, w11 slices left, w12 the turn as it was seen, w13 what this thread makes of it, w14 1 once the turn is
 * as it made it, w15 the forks nested in this one. A system call changes x0 only.
 */
final class Arm64ForkCode {
    private static final int GETTID = 178;
    private static final int FUTEX = 98;
    private static final int FUTEX_WAIT = 0;
    private static final int FUTEX_WAKE = 1;
    private static final int CALL = 8;
    private static final int PAGE = 9;
    private static final int THREAD = 10;
    private static final int SLICES = 11;
    private static final int SEEN = 12;
    private static final int WANTED = 13;
    private static final int IS_SET = 14;
    private static final int NESTED = 15;

    private final Arm64Assembler code = new Arm64Assembler();
    private final int pageSize;
    private final Label prepare = new Label();
    private final Label parent = new Label();
    private final Label child = new Label();
    private final Label look = new Label();
    private final Label await = new Label();
    private final Label set = new Label();
    private final Label returning = new Label();
    private final Label nested = new Label();
    private final Label nestedReturns = new Label();
    private final Label count = new Label();
    private final Label byService = new Label();
    private final Label isSet = new Label();
    private final Label out = new Label();

    private Arm64ForkCode(int pageSize) {
        this.pageSize = pageSize;
    }

    static ForkCode assemble(int pageSize) {
        Arm64ForkCode made = new Arm64ForkCode(pageSize);
        made.enter();
        made.look();
        made.await();
        made.leave();
        made.set();
        made.child();
        return new ForkCode(made.code, made.prepare, made.parent, made.child);
    }

    private void enter() {
        Label both = new Label();
        code.bind(prepare);
        code.landing();
        code.move(WANTED, 0);
        code.jump(both);
        code.bind(parent);
        code.landing();
        code.moveHighestBit(WANTED);
        code.bind(both);
        code.addressOf(PAGE, pageSize);
        code.load(SLICES, PAGE, ForkPages.LIMIT);
        code.move(CALL, GETTID);
        code.systemCall();
        code.moveRegister(THREAD, 0);
        code.load(1, PAGE, ForkPages.SERVICE);
        code.compare(1, 0);
        code.jumpIfEqual(byService);
        code.load(NESTED, PAGE, ForkPages.NESTED);
        code.or(WANTED, 0);
        code.move(IS_SET, 0);
    }

    private void look() {
        code.bind(look);
        code.loadExclusively(SEEN, PAGE);
        code.jumpIfNotZero(IS_SET, isSet);
        code.withoutBit30(0, SEEN);
        code.compare(0, THREAD);
        code.jumpIfNegative(WANTED, returning);
        code.jumpIfEqual(nested);
        code.jumpIfZero(SLICES, out);
        code.jumpIfZero(SEEN, set);
    }

    private void await() {
        code.bind(await);
        code.moveRegister64(0, PAGE);
        code.move(1, FUTEX_WAIT);
        code.moveRegister(2, SEEN);
        code.add64(3, PAGE, ForkPages.SLICE);
        code.move(CALL, FUTEX);
        code.systemCall();
        code.jumpIfZero(0, look);
        code.subtractAndTest(SLICES, 1);
        code.jumpIfGreater(look); // it may have been 0, after the fork
        code.jumpIfNegative(WANTED, out);
        code.add64(0, PAGE, ForkPages.MISSED);
        code.addFourTimes(0, IS_SET);
    }

    private void leave() {
        code.bind(count);
        code.loadExclusively(1, 0);
        code.add(1, 1);
        code.storeIfUntouched(2, 1, 0);
        code.jumpIfNotZero(2, count);
        code.bind(out);
        code.ret();
        code.bind(isSet);
        code.compare(SEEN, WANTED);
        code.jumpIfEqual(await);
        code.ret();
        code.bind(byService);
        code.add64(0, PAGE, ForkPages.BY_SERVICE);
        code.jump(count);
        code.bind(nested);
        code.add64(0, PAGE, ForkPages.NESTED);
        code.jump(count);
        code.bind(nestedReturns);
        code.subtract(NESTED, NESTED, 1);
        code.store(NESTED, PAGE, ForkPages.NESTED);
        code.ret();
    }

    private void set() {
        code.bind(returning);
        code.jumpIfNotEqual(out);
        code.jumpIfNotZero(NESTED, nestedReturns);
        code.bind(set);
        code.storeIfUntouched(0, WANTED, PAGE);
        code.jumpIfNotZero(0, look);
        code.move(IS_SET, 1);
        code.store(Arm64Assembler.ZERO, PAGE, ForkPages.NESTED);
        code.moveRegister64(0, PAGE);
        code.move(1, FUTEX_WAKE);
        code.moveLargest(2);
        code.move(CALL, FUTEX);
        code.systemCall();
        code.jump(look);
    }

    private void child() {
        Label next = new Label();
        Label end = new Label();
        code.bind(child);
        code.landing();
        code.addressOf(PAGE, 2 * pageSize);
        code.bind(next);
        code.load64(CALL, PAGE, 0);
        code.jumpIfNegative64(CALL, end);
        code.loadPair64(0, 1, PAGE, ForkPages.STEP_ARGUMENTS);
        code.loadPair64(2, 3, PAGE, ForkPages.STEP_ARGUMENTS + 2 * Long.BYTES);
        code.add64(PAGE, PAGE, ForkPages.STEP_SIZE);
        code.systemCall();
        code.jump(next);
        code.bind(end);
        code.ret();
    }
}
