package carillon.batch;

import static java.util.Objects.requireNonNull;

import carillon.json.Json;
import carillon.task.RetryOn;
import carillon.task.RetryPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/// A batch that somebody wants: the questions in `input`, answered in `output`, each a `.csv` or
/// `.jsonl` file. `unfinished` says what becomes of one that stopped before its output was whole;
/// where there was none it begins anew.
public record BatchOrder(Path input, Path output, Saying saying, Pace pace, Unfinished unfinished) {
    public static final int MAX_CONCURRENCY = 1_000;

    public BatchOrder {
        requireNonNull(input, "input");
        requireNonNull(output, "output");
        requireNonNull(saying, "saying");
        requireNonNull(pace, "pace");
        requireNonNull(unfinished, "unfinished");
    }

    /// With `resume` it goes on where an earlier one stopped, whoever began that.
    public BatchOrder(Path input, Path output, Saying saying, Pace pace, boolean resume) {
        this(
                input,
                output,
                saying,
                pace,
                resume ? new Unfinished.GoesOn() : new Unfinished.StandsInTheWay());
    }

    /// What becomes of an unfinished batch that has the output.
    public sealed interface Unfinished {
        /// The new one is refused.
        record StandsInTheWay() implements Unfinished {}

        /// The new one takes over what was done.
        record GoesOn() implements Unfinished {}

        /// The new one takes over what was done if the same owner began it, and else drops it.
        record GoesOnIfOf(String owner) implements Unfinished {
            public GoesOnIfOf {
                requireNonNull(owner, "owner");
            }
        }

        /// Who a batch that begins now is of; empty when it is nobody's.
        default String owner() {
            return switch (this) {
                case StandsInTheWay(), GoesOn() -> "";
                case GoesOnIfOf(var owner) -> owner;
            };
        }
    }

    /// What the rows say, and which of them. `model` is for rows that name none; `template` makes
    /// their prompts. A dry run calls nobody. Bad rows are failures when they are to be skipped,
    /// and else stop it all before anything is asked.
    public record Saying(
            Optional<String> model,
            Optional<String> template,
            boolean dryRun,
            boolean skipBadRows,
            Scope scope) {
        public Saying {
            requireNonNull(model, "model");
            requireNonNull(template, "template");
            requireNonNull(scope, "scope");
        }
    }

    /// Which rows are asked.
    public enum Scope {
        ALL,
        /// Those that the output of an earlier batch does not answer; its answers stay.
        FAILED;

        /// What a run is given that asks these rows.
        String input() {
            return Json.write(Json.object().put("rows", name().toLowerCase(Locale.ROOT)));
        }

        /// Which rows a run asks that is given this.
        public static Scope ofInput(Optional<String> input) {
            var rows = input.map(text -> Json.readObject(text).path("rows").asText());
            return rows.equals(Optional.of("failed")) ? FAILED : ALL;
        }
    }

    /// How fast, and for how much: `concurrency` rows at once, from 1 to [#MAX_CONCURRENCY];
    /// `budgetNanodollars` for the whole batch, what was spent before a resumption included. Until
    /// `neededBy` there is time, which providers may use that ask less for it.
    public record Pace(
            int concurrency,
            OptionalLong budgetNanodollars,
            RetryPolicy retry,
            Optional<Instant> neededBy) {
        public static final int DEFAULT_CONCURRENCY = 8;

        public static final RetryPolicy DEFAULT_RETRY =
                new RetryPolicy(
                        3, Duration.ofSeconds(1), Duration.ofMinutes(1), 2, RetryOn.TRANSIENT);

        public Pace {
            requireNonNull(budgetNanodollars, "budgetNanodollars");
            requireNonNull(retry, "retry");
            requireNonNull(neededBy, "neededBy");
            if (concurrency < 1 || concurrency > MAX_CONCURRENCY) {
                throw new IllegalArgumentException(
                        "concurrency is 1 to " + MAX_CONCURRENCY + ": " + concurrency);
            }
        }

        /// Needed at once.
        public Pace(int concurrency, OptionalLong budgetNanodollars, RetryPolicy retry) {
            this(concurrency, budgetNanodollars, retry, Optional.empty());
        }
    }
}
