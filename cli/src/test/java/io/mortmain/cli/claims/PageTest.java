package io.mortmain.cli.claims;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page is what the declarations make of it, and no claim is forgotten. */
class PageTest {
    private static final Pattern LINK = Pattern.compile("\\[([RF]\\d+)\\]\\(#([rf]\\d+)\\)");

    @Test
    void shouldBeThePageInTheFile() throws IOException {
        String hint = "./mortmain claims --page >docs/what-to-watch-out-for.md";
        assertThat(Files.readString(Path.of("..", "docs", "what-to-watch-out-for.md")))
                .as(hint)
                .isEqualTo(Page.text());
    }

    /** For ever: an id is not given to another sentence. */
    @Test
    void shouldKnowEachSentenceOnce() {
        assertThat(ClaimTable.ids())
                .containsExactlyElementsOf(
                        Stream.concat(numbered("R", 12), numbered("F", 29)).toList());
    }

    private static Stream<String> numbered(String letter, int last) {
        return IntStream.rangeClosed(1, last).mapToObj(number -> letter + number);
    }

    @Test
    void shouldNameEachClaimInSomeAdvice() {
        Set<String> named = AdviceTable.bySubject().values().stream()
                .flatMap(List::stream)
                .flatMap(piece -> piece.claims().stream())
                .collect(Collectors.toSet());
        // R7 and R12 only say how it is done.
        assertThat(named)
                .isSubsetOf(ClaimTable.ids())
                .containsAll(ClaimTable.ids().stream()
                        .filter(id -> !id.equals("R7") && !id.equals("R12"))
                        .toList());
    }

    @Test
    void shouldLinkToAnchorsThatExist() {
        String page = Page.text();
        List<MatchResult> links = LINK.matcher(page).results().toList();
        assertThat(links).hasSizeGreaterThan(40).allSatisfy(link -> {
            assertThat(link.group(2)).isEqualToIgnoringCase(link.group(1));
            assertThat(page).contains("<a id=\"" + link.group(2) + "\"></a>" + link.group(1));
        });
    }

    @Test
    void shouldSayOfEachClaimHowItIsMadeAndWhatItRestsOn() {
        assertThat(ClaimTable.claims()).allSatisfy(claim -> {
            assertThat(claim.made()).endsWith(".");
            assertThat(claim.clause()).isNotEmpty().doesNotEndWith(".");
            assertThat(claim.evidence()).isNotEmpty();
            assertThat(claim.instead().isEmpty()).isEqualTo(claim.shown().isEmpty());
        });
    }
}
