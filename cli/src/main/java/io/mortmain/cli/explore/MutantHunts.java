package io.mortmain.cli.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** What became of all planted defects. */
public record MutantHunts(List<MutantHunt> hunts) {
    public MutantHunts {
        hunts = List.copyOf(hunts);
    }

    /** Searches for each, one after the other, and tells of it at once. */
    public static MutantHunts huntAll(Consumer<MutantHunt> tell) {
        List<MutantHunt> hunts = new ArrayList<>();
        MutantHunt.all().forEach(breakage -> {
            MutantHunt hunt = MutantHunt.hunt(breakage);
            hunts.add(hunt);
            tell.accept(hunt);
        });
        return new MutantHunts(hunts);
    }

    /** Whether none survives. */
    public boolean isEachFound() {
        return survivors().isEmpty();
    }

    /** For people: how many there were, and which survive. */
    public String conclusion() {
        return String.format(
                Locale.ROOT,
                "%,d mutant%s, %s.",
                hunts.size(),
                hunts.size() == 1 ? "" : "s",
                isEachFound() ? "every one found" : "not found: " + String.join(", ", survivors()));
    }

    /** For programs. */
    public List<Map<String, Object>> toJson(String command) {
        return hunts.stream().map(hunt -> hunt.toJson(command)).toList();
    }

    private List<String> survivors() {
        return hunts.stream()
                .filter(hunt -> !hunt.isFound())
                .map(hunt -> hunt.breakage().name())
                .toList();
    }
}
