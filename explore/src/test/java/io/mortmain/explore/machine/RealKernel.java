package io.mortmain.explore.machine;

import io.mortmain.explore.machine.FutexWord.Numbers;
import io.mortmain.explore.machine.KernelCase.Outcome;
import io.mortmain.explore.machine.WakeCase.Event;
import io.mortmain.explore.machine.WakeCase.Fate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The kernel under this process: real threads with real lists die, and real processes sleep. */
final class RealKernel implements AutoCloseable {
    private final SharedFile file;
    private final CStage mortal;
    private final CStage sleepers;

    RealKernel() throws IOException, InterruptedException {
        file = new SharedFile();
        mortal = new CStage("mortal", file.path(), Long.toString(SharedFile.SIZE));
        sleepers = new CStage("sleepers", file.path(), Long.toString(SharedFile.SIZE));
    }

    /** One death. */
    record Run(Numbers numbers, Outcome outcome) {}

    Run run(KernelCase list) {
        ListImage image = new ListImage(list);
        List<String> born = mortal.ask("born", "born " + list.death.command() + " " + image.protections());
        Numbers numbers = new Numbers(Integer.parseInt(born.get(0)), Integer.parseInt(born.get(1)));
        file.put(image.bytes(numbers));
        List<ListNode> nodes = list.nodes();
        List<Integer> where = new ArrayList<>(); // each of the sleepers sleeps
        for (int i = 0; i < nodes.size(); i++) {
            for (int j = 0; j < nodes.get(i).sleepers(); j++) {
                sleep(image.word(i));
                where.add(i);
            }
        }
        mortal.ask("dead", "die");
        List<String> words = new ArrayList<>();
        List<Integer> woken = new ArrayList<>();
        List<String> fates = sleepers.ask("settled", "settle");
        for (int i = 0; i < nodes.size(); i++) {
            words.add(KernelCase.text(file.word(image.word(i))));
            woken.add(woken(i, where, fates));
        }
        mortal.ask("buried", "bury");
        return new Run(numbers, new Outcome(words, woken));
    }

    private void sleep(long word) {
        sleepers.ask("slept", "sleep " + word + " " + Integer.toUnsignedString(file.word(word)));
    }

    /** One story of sleepers. */
    WakeCase.Outcome run(WakeCase story) {
        file.put(new byte[0]);
        List<Integer> woken = new ArrayList<>();
        for (Event event : story.events()) {
            switch (event) {
                case Event.Sleep sleep -> sleepers.ask("slept", command(sleep));
                case Event.Wake wake ->
                    woken.add(Integer.parseInt(
                            sleepers.ask("woke", "wake 0 " + wake.most()).getFirst()));
                case Event.Kill kill -> sleepers.ask("killed", "kill " + kill.sleeper());
                case Event.Store store -> file.setWord(0, store.value());
            }
        }
        List<Fate> fates = sleepers.ask("settled", "settle").stream()
                .map(fate -> Fate.valueOf(fate.toUpperCase(Locale.ROOT).replace('-', '_')))
                .toList();
        return new WakeCase.Outcome(fates, woken);
    }

    private static String command(Event.Sleep sleep) {
        return switch (sleep.how()) {
            case SLEEP -> "sleep 0 " + sleep.value();
            case HELD -> "held 0 " + sleep.value();
            case DOZE -> "doze 0 " + sleep.value() + " 3";
        };
    }

    /** Why no sleeper can be held, or empty. */
    String refusalToHold() {
        String number = sleepers.ask("may-hold", "may-hold").getFirst();
        return number.equals("0") ? "" : "ptrace does not work here: error " + number;
    }

    private static int woken(int node, List<Integer> where, List<String> fates) {
        int woken = 0;
        for (int i = 0; i < where.size(); i++) {
            if (where.get(i) == node && fates.get(i).equals("woken")) {
                woken++;
            }
        }
        return woken;
    }

    @Override
    public void close() throws IOException {
        mortal.close();
        sleepers.close();
        file.close();
    }
}
