package carillon.action;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.regex.Pattern;

/// A file of questions, answered in a file in the same order. Both paths lead from the folder for
/// files, through names that are no `.` and no `..`, and end in `.csv` or `.jsonl`. `asking` is
/// meant for rows that do not say it themselves. `concurrency` rows are asked at once, from 1 to
/// [#MAX_CONCURRENCY]. Bad rows count as failures when they are to be skipped, and else stop it all
/// before anything is asked. Where there is time until it is `neededBy`, providers that ask less
/// for it may use that time.
public record BatchFile(
        String input,
        String output,
        Asking asking,
        int concurrency,
        boolean skipBadRows,
        Optional<NeededBy> neededBy)
        implements Action {
    public static final int MAX_CONCURRENCY = 1_000;
    public static final int DEFAULT_CONCURRENCY = 8;
    public static final int MAX_PATH_LENGTH = 500;

    private static final Pattern NAME = Pattern.compile("(?!\\.{1,2}(/|$))[^/\\p{Cntrl}\\\\]+");
    private static final Pattern PATH =
            Pattern.compile("(" + NAME + "/)*" + NAME + "(?<=\\.(csv|jsonl))");

    public BatchFile {
        requirePath(input);
        requirePath(output);
        requireNonNull(asking, "asking");
        requireNonNull(neededBy, "neededBy");
        if (input.equals(output)) {
            throw new IllegalArgumentException("the output must not be the input itself");
        }
        if (concurrency < 1 || concurrency > MAX_CONCURRENCY) {
            throw new IllegalArgumentException("concurrency is 1 to " + MAX_CONCURRENCY);
        }
    }

    private static void requirePath(String path) {
        if (!isPath(path)) {
            throw new IllegalArgumentException("no path of a file of questions: " + path);
        }
    }

    /// Whether the path can be that of an input or an output.
    public static boolean isPath(String path) {
        return path.length() <= MAX_PATH_LENGTH && PATH.matcher(path).matches();
    }

    /// What rows say that do not say it themselves. `template` makes their prompts from their
    /// columns. A dry run calls nobody.
    public record Asking(
            Optional<String> model, Optional<String> template, Tuning tuning, boolean dryRun) {
        public Asking {
            requireNonNull(model, "model");
            requireNonNull(template, "template");
            requireNonNull(tuning, "tuning");
        }
    }

    /// Without the template, so that it may stand in a log.
    @Override
    public String toString() {
        return "batch of " + input;
    }
}
