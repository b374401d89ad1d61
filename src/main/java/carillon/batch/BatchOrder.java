package carillon.batch;

import static java.util.Objects.requireNonNull;

import carillon.task.RetryOn;
import carillon.task.RetryPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/// A batch that somebody wants: the questions in `input`, answered in `output`, each a `.csv` or
/// `.jsonl` file. With `resume` it goes on where an earlier one for the same output stopped, and
/// begins anew where there was none.
public record BatchOrder(Path input, Path output, Saying saying, Pace pace, boolean resume) {
    public static final int MAX_CONCURRENCY = 1_000;

    public BatchOrder {
        requireNonNull(input, "input");
        requireNonNull(output, "output");
        requireNonNull(saying, "saying");
        requireNonNull(pace, "pace");
    }

    /// What the rows say. `model` is for rows that name none; `template` makes their prompts. A dry
    /// run calls nobody. Bad rows are failures when they are to be skipped, and else stop it all
    /// before anything is asked.
    public record Saying(
            Optional<String> model,
            Optional<String> template,
            boolean dryRun,
            boolean skipBadRows) {
        public Saying {
            requireNonNull(model, "model");
            requireNonNull(template, "template");
        }
    }

    /// How fast, and for how much: `concurrency` rows at once, from 1 to [#MAX_CONCURRENCY];
    /// `budgetNanodollars` for the whole batch, what was spent before a resumption included.
    public record Pace(int concurrency, OptionalLong budgetNanodollars, RetryPolicy retry) {
        public static final int DEFAULT_CONCURRENCY = 8;

        public static final RetryPolicy DEFAULT_RETRY =
                new RetryPolicy(
                        3, Duration.ofSeconds(1), Duration.ofMinutes(1), 2, RetryOn.TRANSIENT);

        public Pace {
            requireNonNull(budgetNanodollars, "budgetNanodollars");
            requireNonNull(retry, "retry");
            if (concurrency < 1 || concurrency > MAX_CONCURRENCY) {
                throw new IllegalArgumentException(
                        "concurrency is 1 to " + MAX_CONCURRENCY + ": " + concurrency);
            }
        }
    }
}
