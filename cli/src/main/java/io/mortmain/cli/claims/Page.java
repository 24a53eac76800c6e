package io.mortmain.cli.claims;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** {@code docs/what-to-watch-out-for.md}, made from the advice and the claims. */
public final class Page {
    private static final String INTRODUCTION = """
            # What to watch out for: locks in shared memory, threads, fork
            <!-- Made by `./mortmain claims --page`; change the declarations in io.mortmain.cli.claims, not this file. -->

            Two things stop programs that share locks, and both come without an error message: a process dies while it holds a lock, and a
            process with threads forks. What follows is true of Linux with glibc, whatever language you write in: runtimes stand on these
            calls. Where you meet fork: `os.fork`, `preexec_fn` and the start method `fork` of `multiprocessing` in Python, `pre_exec` in Rust,
            `fork` in Ruby, Perl and C, `pcntl_fork` in PHP, `ProcessBuilder` in Java where it is told to fork, and native libraries under any
            runtime, the JVM's too.

            Each rule names the sentences of two well-known texts that it rests on: *(Non) Robust pthread mutexes on Linux* of 2019 (R1 …), and
            the answers to *Mixing threads, fork, and mutexes, what should I watch out for?* (F1 …). The texts are not always right.
            `./mortmain claims` makes every one of these sentences happen on your machine, within a minute, and says whether the verdicts below
            hold there; `--only R6,F10` picks some.
            """;

    private static final String MATRIX = """

            ### By kind
            What the child of a fork can do with a mutex that was held at that moment, by the forking thread or by another one (two values where that
            makes a difference). "0" is success; *hangs*: waits for ever.

            | mutex | the child unlocks | then a third process tries to lock | the child locks | … after the parent released it |
            | --- | --- | --- | --- | --- |
            """;

    private static final String LIST = """

            ## Every sentence, and what becomes of it
            *true*: as the sentence says, in every case tried. *false*: in none. *only for these kinds*: in some. *only POSIX*: the standard says so,
            here it is otherwise. *only glibc*: it is so here, and the standard does not promise it. "0" is success; *hangs*: waits for ever; *told*:
            gets the lock, with `EOWNERDEAD`.

            | | sentence | verdict | seen | rests on |
            | --- | --- | --- | --- | --- |
            """;

    private static final String MORTMAIN = """

            ## What Mortmain does instead

            | | | shown by |
            | --- | --- | --- |
            """;

    private Page() {}

    /** The whole text, with line ends. */
    public static String text() {
        List<Claim> claims = ClaimTable.claims();
        StringBuilder page = new StringBuilder(INTRODUCTION);
        AdviceTable.bySubject().forEach((subject, pieces) -> {
            page.append("\n## ").append(subject).append('\n');
            pieces.forEach(piece -> page.append("- **")
                    .append(piece.title())
                    .append("** ")
                    .append(piece.text())
                    .append(' ')
                    .append(links(piece))
                    .append('\n'));
            if (subject.equals(AdviceTable.FORK)) {
                page.append(MATRIX).append(new ForkMatrix(claims).rows());
            }
        });
        page.append(LIST);
        claims.forEach(claim -> page.append(row(claim)));
        page.append(MORTMAIN);
        claims.stream().filter(claim -> !claim.instead().isEmpty()).forEach(claim -> page.append(mortmain(claim)));
        return page.toString();
    }

    private static String links(Advice piece) {
        return piece.claims().stream().map(Page::link).collect(Collectors.joining(", ", "(", ")"));
    }

    private static String link(String id) {
        return "[" + id + "](#" + id.toLowerCase(Locale.ROOT) + ")";
    }

    private static String row(Claim claim) {
        String remark = claim.remark().isEmpty() ? "" : " *" + claim.remark() + "*";
        return "| <a id=\"" + claim.id().toLowerCase(Locale.ROOT) + "\"></a>" + claim.id() + " | " + claim.sentence()
                + remark
                + " | **" + claim.verdict().text() + "** | "
                + SeenText.of(claim.evidence()) + " | " + claim.clause()
                + " |\n";
    }

    private static String mortmain(Claim claim) {
        return "| " + link(claim.id()) + " | " + claim.instead() + " | " + SeenText.of(claim.shown()) + " |\n";
    }
}
