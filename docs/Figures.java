import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs the commands of docs/how-we-know.md and puts what they print into it. From the root of the project: {@code ./mortmain java
 * docs/Figures.java [--only WORD]}. A command that fails leaves the file as it is.
 *
 * <p>"figures kept" are those of a command that takes too long for that: run it by itself on this machine, keep what it prints in a file, and
 * fill them from there by {@code --from FILE --only WORD}.
 */
private static final Path PAGE = Path.of("docs", "how-we-know.md");

private static final Pattern COMMAND = Pattern.compile("<!-- figures( kept)?: (.*) -->");
private static final String FENCE = "```";

void main(String[] arguments) throws Exception {
    String only = option(arguments, "--only").orElse("");
    Optional<Path> from = option(arguments, "--from").map(Path::of);
    int used = (only.isEmpty() ? 0 : 2) + (from.isPresent() ? 2 : 0);
    if (!Files.exists(PAGE) || arguments.length != used) {
        System.err.println("Figures: run it in the root of the project, with nothing, with --only WORD, or with --from FILE too.");
        System.exit(2);
    }
    List<String> old = Files.readAllLines(PAGE);
    long blocks = old.stream()
            .filter(line -> commandIn(line, only, from.isPresent()).isPresent())
            .count();
    if (from.isPresent() ? blocks != 1 : blocks == 0) {
        System.err.println("Figures: " + blocks + " such commands of " + PAGE + " have \"" + only + "\" in them.");
        System.exit(2);
    }
    List<String> page = new ArrayList<>();
    for (int i = 0; i < old.size(); i++) {
        page.add(old.get(i));
        Optional<String> command = commandIn(old.get(i), only, from.isPresent());
        if (command.isPresent()) {
            page.addAll(from.isPresent() ? kept(command.get(), from.get()) : block(command.get(), command.get()));
            i = endOfBlock(old, i + 1);
        }
    }
    Files.write(PAGE, page);
}

private static Optional<String> option(String[] arguments, String name) {
    int at = List.of(arguments).indexOf(name);
    return at >= 0 && at + 1 < arguments.length ? Optional.of(arguments[at + 1]) : Optional.empty();
}

private static Optional<String> commandIn(String line, String only, boolean kept) {
    Matcher command = COMMAND.matcher(line);
    return command.matches() && (command.group(1) != null) == kept && command.group(2).contains(only)
            ? Optional.of(command.group(2))
            : Optional.empty();
}

/** What the command printed, as the file has it; what the page's command does with it is done. */
private static List<String> kept(String command, Path file) throws IOException, InterruptedException {
    int pipe = command.indexOf(" | ");
    String filter = pipe < 0 ? "" : command.substring(pipe);
    List<String> lines = block(command, "cat '" + file + "'" + filter);
    LocalDate date =
            LocalDate.ofInstant(Files.getLastModifiedTime(file).toInstant(), ZoneId.systemDefault());
    lines.add(lines.size() - 1, "(ended on " + date + ")");
    return lines;
}

private static int endOfBlock(List<String> page, int start) {
    if (!page.get(start).equals(FENCE)) {
        throw new IllegalStateException("line " + (start + 1) + " of " + PAGE + " should begin a block");
    }
    return start + 1 + page.subList(start + 1, page.size()).indexOf(FENCE);
}

/** @param shown what the page says was run */
private static List<String> block(String shown, String command) throws IOException, InterruptedException {
    System.out.println("$ " + command);
    Process process = new ProcessBuilder("bash", "-o", "pipefail", "-c", command)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<String> lines = new ArrayList<>(List.of(FENCE));
    lines.add("$ " + shown);
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
