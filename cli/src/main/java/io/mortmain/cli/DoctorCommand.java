package io.mortmain.cli;

import io.mortmain.cli.doctor.Doctor;
import io.mortmain.cli.doctor.Finding;
import io.mortmain.cli.doctor.Finding.Verdict;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mortmain doctor}. */
@Command(
        name = "doctor",
        sortOptions = false,
        description = {
            "Says whether Mortmain works as promised on this machine, and what to do where it does not.",
            "",
            "Each line is a check: ok, fallback (it works, slower or less completely) or failed. Some read versions and settings. The last"
                    + " ones try it: two JVMs hold mutexes of a region of their own; one is stopped, must not be robbed, and is killed; the"
                    + " other takes the mutex out of its memory, so that the kernel cannot report it, and is killed. A third is killed while it"
                    + " changes guarded data, and the next one must see them as they were before. Takes a second or two.",
            ""
        },
        footer = {
            "",
            "Exit codes:",
            "  0  all is ok",
            "  1  something failed",
            "  2  wrong usage",
            "  3  nothing failed, but something falls back"
        })
final class DoctorCommand implements Callable<Integer> {
    static final int FALLS_BACK = 3;

    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Print a JSON array of objects {check, verdict, value, cure} on one line.")
    private boolean json;

    @Mixin
    HelpOption help = new HelpOption();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        List<Finding> findings = new ArrayList<>();
        Doctor.examine(finding -> {
            findings.add(finding);
            if (!json) {
                out.println(line(finding));
                out.flush();
            }
        });
        if (json) {
            out.println(Json.of(findings.stream().map(DoctorCommand::object).toList()));
            out.flush();
        }
        return exitCode(findings);
    }

    private static int exitCode(List<Finding> findings) {
        if (findings.stream().anyMatch(finding -> finding.verdict() == Verdict.FAILED)) {
            return Main.FAILED;
        }
        return findings.stream().allMatch(finding -> finding.verdict() == Verdict.OK) ? Main.OK : FALLS_BACK;
    }

    private static String line(Finding finding) {
        String cure = finding.cure().isEmpty() ? "" : "; " + finding.cure();
        return String.format(
                Locale.ROOT,
                "%-8s  %-18s  %s",
                verdict(finding),
                finding.check(),
                Printable.of(finding.value()) + cure);
    }

    private static Map<String, Object> object(Finding finding) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("check", finding.check());
        json.put("verdict", verdict(finding));
        json.put("value", finding.value());
        json.put("cure", finding.cure());
        return json;
    }

    private static String verdict(Finding finding) {
        return finding.verdict().name().toLowerCase(Locale.ROOT);
    }
}
