import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs the commands of docs/how-we-know.md and puts what they print into it. From the root of the project: {@code ./mortmain java
 * docs/Figures.java [--only WORD]}. A command that fails leaves the file as it is.
 */
private static final Path PAGE = Path.of("docs", "how-we-know.md");

private static final Pattern COMMAND = Pattern.compile("<!-- figures: (.*) -->");
private static final String FENCE = "```";

void main(String[] arguments) throws Exception {
    String only = arguments.length == 2 && arguments[0].equals("--only") ? arguments[1] : "";
    if (!Files.exists(PAGE) || (arguments.length > 0 && only.isEmpty())) {
        System.err.println("Figures: run it in the root of the project, with nothing or with --only WORD.");
        System.exit(2);
    }
    List<String> old = Files.readAllLines(PAGE);
    if (old.stream().noneMatch(line -> commandIn(line, only).isPresent())) {
        System.err.println("Figures: no command of " + PAGE + " has " + only + " in it.");
        System.exit(2);
    }
    List<String> page = new ArrayList<>();
    for (int i = 0; i < old.size(); i++) {
        page.add(old.get(i));
        Optional<String> command = commandIn(old.get(i), only);
        if (command.isPresent()) {
            page.addAll(block(command.get()));
            i = endOfBlock(old, i + 1);
        }
    }
    Files.write(PAGE, page);
}

private static Optional<String> commandIn(String line, String only) {
    Matcher command = COMMAND.matcher(line);
    return command.matches() && command.group(1).contains(only) ? Optional.of(command.group(1)) : Optional.empty();
}

private static int endOfBlock(List<String> page, int start) {
    if (!page.get(start).equals(FENCE)) {
        throw new IllegalStateException("line " + (start + 1) + " of " + PAGE + " should begin a block");
    }
    return start + 1 + page.subList(start + 1, page.size()).indexOf(FENCE);
}

private static List<String> block(String command) throws IOException, InterruptedException {
    System.out.println("$ " + command);
    Process process = new ProcessBuilder("bash", "-o", "pipefail", "-c", command)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<String> lines = new ArrayList<>(List.of(FENCE));
    lines.add("$ " + command);
    try (var output = process.inputReader()) {
        output.lines().map(String::stripTrailing).filter(line -> !line.isEmpty()).forEach(lines::add);
    }
    int exitCode = process.waitFor();
    if (exitCode != 0 && exitCode != 3) { // 3: something cannot be tried here, which the output says
        throw new IllegalStateException("\"" + command + "\" ended with " + exitCode + "; the page is as it was");
    }
    lines.forEach(System.out::println);
    lines.add(FENCE);
    return lines;
}
