package io.mortmain.internal.fork;

import static io.mortmain.internal.fork.X86Assembler.Condition.ALWAYS;
import static io.mortmain.internal.fork.X86Assembler.Condition.EQUAL;
import static io.mortmain.internal.fork.X86Assembler.Condition.GREATER;
import static io.mortmain.internal.fork.X86Assembler.Condition.NEGATIVE;
import static io.mortmain.internal.fork.X86Assembler.Condition.NOT_EQUAL;
import static io.mortmain.internal.fork.X86Assembler.Register.EAX;
import static io.mortmain.internal.fork.X86Assembler.Register.EBP;
import static io.mortmain.internal.fork.X86Assembler.Register.EBX;
import static io.mortmain.internal.fork.X86Assembler.Register.EDI;
import static io.mortmain.internal.fork.X86Assembler.Register.EDX;
import static io.mortmain.internal.fork.X86Assembler.Register.ESI;
import static io.mortmain.internal.fork.X86Assembler.Register.R10;
import static io.mortmain.internal.fork.X86Assembler.Register.R8;
import static io.mortmain.internal.fork.X86Assembler.Register.R9;

import io.mortmain.internal.fork.Assembler.Label;

/**
 * The fork code for x86_64. What it does is said in {@link ForkCode}, step by step, and is the same for each processor.
 *
 * <p>rdi the page, edx the turn as it was seen, r8d this thread, r9d what it makes of the turn, ebx slices left, ebp 1 once the turn is
 * as it made it. A system call leaves all of them alone.
 */
final class X86ForkCode {
    private static final int GETTID = 186;
    private static final int FUTEX = 202;

    private final X86Assembler code = new X86Assembler();
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
    private final Label isSet = new Label();
    private final Label byService = new Label();
    private final Label out = new Label();

    private X86ForkCode(int pageSize) {
        this.pageSize = pageSize;
    }

    static ForkCode assemble(int pageSize) {
        X86ForkCode made = new X86ForkCode(pageSize);
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
        code.clear(R9);
        code.jump(ALWAYS, both);
        code.bind(parent);
        code.landing();
        code.move(R9, ForkPages.RETURNED);
        code.bind(both);
        code.push(EBX);
        code.push(EBP);
        code.addressOf(EDI, pageSize);
        code.load(EBX, ForkPages.LIMIT);
        code.move(EAX, GETTID);
        code.systemCall();
        code.move(R8, EAX);
        code.compareWithPage(EAX, ForkPages.SERVICE);
        code.jump(EQUAL, byService);
        code.or(R9, EAX);
        code.clear(EBP);
    }

    private void look() {
        code.bind(look);
        code.loadFirstWord(EDX);
        code.test(EBP);
        code.jump(NOT_EQUAL, isSet);
        code.move(EAX, EDX);
        code.andWithEax(~ForkPages.PREPARED);
        code.test(R9);
        code.jump(NEGATIVE, returning);
        code.compare(EAX, R8);
        code.jump(EQUAL, nested);
        code.test(EBX);
        code.jump(EQUAL, out);
        code.test(EDX);
        code.jump(EQUAL, set);
    }

    private void await() {
        code.bind(await);
        code.clear(ESI); // FUTEX_WAIT
        code.addressInPageToR10(ForkPages.SLICE);
        code.move(EAX, FUTEX);
        code.systemCall();
        code.test(EAX);
        code.jump(EQUAL, look);
        code.decrement(EBX);
        code.jump(GREATER, look); // it may have been 0, after the fork
        code.test(R9);
        code.jump(NEGATIVE, out);
        code.incrementInPageAtomicallyByEbp(ForkPages.MISSED);
    }

    private void leave() {
        code.bind(out);
        code.pop(EBP);
        code.pop(EBX);
        code.ret();
        code.bind(isSet);
        code.compare(EDX, R9);
        code.jump(EQUAL, await);
        code.jump(ALWAYS, out);
        code.bind(byService);
        code.incrementInPageAtomically(ForkPages.BY_SERVICE);
        code.jump(ALWAYS, out);
        code.bind(nested);
        code.incrementInPage(ForkPages.NESTED);
        code.jump(ALWAYS, out);
    }

    private void set() {
        code.bind(returning);
        code.compare(EAX, R8);
        code.jump(NOT_EQUAL, out);
        code.compareWithPage(EBP, ForkPages.NESTED);
        code.jump(NOT_EQUAL, nestedReturns);
        code.move(EAX, EDX);
        code.bind(set); // before the fork, where eax is 0
        code.compareAndSetFirstWord(R9);
        code.jump(NOT_EQUAL, look);
        code.increment(EBP);
        code.clearInPage(ForkPages.NESTED);
        code.move(ESI, EBP); // FUTEX_WAKE, which is 1: three bytes less, so that the last jump reaches
        code.move(EDX, Integer.MAX_VALUE);
        code.move(EAX, FUTEX);
        code.systemCall();
        code.jump(ALWAYS, look);
        code.bind(nestedReturns);
        code.decrementInPage(ForkPages.NESTED);
        code.jump(ALWAYS, out);
    }

    private void child() {
        Label next = new Label();
        Label end = new Label();
        code.bind(child);
        code.landing();
        code.addressOf(R9, 2 * pageSize);
        code.bind(next);
        code.load64FromR9(EAX, 0);
        code.test64(EAX);
        code.jump(NEGATIVE, end);
        code.load64FromR9(EDI, ForkPages.STEP_ARGUMENTS);
        code.load64FromR9(ESI, ForkPages.STEP_ARGUMENTS + Long.BYTES);
        code.load64FromR9(EDX, ForkPages.STEP_ARGUMENTS + 2 * Long.BYTES);
        code.load64FromR9(R10, ForkPages.STEP_ARGUMENTS + 3 * Long.BYTES);
        code.systemCall();
        code.advanceR9(ForkPages.STEP_SIZE);
        code.jump(ALWAYS, next);
        code.bind(end);
        code.ret();
    }
}
