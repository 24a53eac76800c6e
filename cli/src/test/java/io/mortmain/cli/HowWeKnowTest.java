package io.mortmain.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.explore.Bound;
import io.mortmain.explore.mutant.Mutants;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code docs/how-we-know.md} names exists, and its figures were printed by the commands that it says. */
class HowWeKnowTest {
    private static final Path PROJECT = Path.of("..");
    private static final Path PAGE = PROJECT.resolve("docs/how-we-know.md");
    private static final Pattern FIGURES = Pattern.compile("<!-- figures: (\\./mortmain (\\S+).*) -->");
    private static final Pattern CLASS = Pattern.compile("`(\\w+Test|[A-Z]\\w+)`");

    @Test
    void shouldHaveFiguresThatItsCommandsPrinted() throws IOException {
        List<String> page = Files.readAllLines(PAGE);
        Set<String> commands = Main.commandLine().getSubcommands().keySet();
        int blocks = 0;
        for (int i = 0; i < page.size(); i++) {
            Matcher figures = FIGURES.matcher(page.get(i));
            if (figures.matches()) {
                blocks++;
                assertThat(commands).contains(figures.group(2));
                assertThat(page.subList(i + 1, i + 3)).containsExactly("```", "$ " + figures.group(1));
                assertThat(page.get(i + 3))
                        .as("what %s printed", figures.group(1))
                        .isNotEqualTo("```");
            }
        }
        assertThat(blocks).isGreaterThan(3);
    }

    /** A figure of a list that has changed since is no figure of what ships. */
    @Test
    void shouldHaveFiguresOfTheListsAsTheyAre() throws IOException {
        String page = Files.readString(PAGE);
        assertThat(page)
                .contains("\n" + Mutants.ALL.size() + " mutants, every one found.\n")
                .containsPattern("\\$ \\./mortmain explore \\| tail -n 4\n" + programs(Bound.SMALL))
                .containsPattern("\\$ \\./mortmain explore --bound large .*\n" + programs(Bound.LARGE))
                .containsPattern("\\$ \\./mortmain explore --bound beyond .*\n" + programs(Bound.BEYOND));
        assertThat(Files.readString(PROJECT.resolve("README.md"))).containsPattern("\n" + programs(Bound.SMALL));
    }

    private static String programs(Bound bound) {
        return String.format(Locale.ROOT, "%,d programs; ", bound.programs().size());
    }

    @Test
    void shouldNameClassesThatExist() throws IOException {
        Set<String> classes;
        try (Stream<Path> files = Stream.of("core", "explore", "stress", "cli")
                .map(module -> PROJECT.resolve(module).resolve("src"))
                .flatMap(HowWeKnowTest::walk)) {
            classes = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .collect(Collectors.toSet());
        }
        Matcher named = CLASS.matcher(Files.readString(PAGE));
        assertThat(named.results().map(match -> match.group(1)).toList())
                .hasSizeGreaterThan(5)
                .allSatisfy(name -> assertThat(classes).contains(name));
    }

    private static Stream<Path> walk(Path folder) {
        try {
            return Files.walk(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
