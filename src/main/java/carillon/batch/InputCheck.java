package carillon.batch;

import static java.util.Objects.requireNonNull;

import carillon.ai.ModelSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;

/// Looks through an input as a batch does before it asks anything.
public final class InputCheck {
    private InputCheck() {}

    /// What a check comes to.
    public sealed interface Verdict {
        /// It was read; there may be problems with its `rows`.
        record Read(long rows, RowProblems problems) implements Verdict {
            public Read {
                requireNonNull(problems, "problems");
            }
        }

        record Refused(BatchEnd.Refused why) implements Verdict {
            public Refused {
                requireNonNull(why, "why");
            }
        }
    }

    /// Checks an input for a batch that would say this. `scratch` is a folder for files that come
    /// and go. Blocks while it reads.
    public static Verdict check(
            Path input, BatchOrder.Saying saying, ModelSource models, Instant now, Path scratch)
            throws IOException {
        try {
            var format =
                    Format.of(input)
                            .orElseThrow(
                                    () ->
                                            new BatchException(
                                                    BatchEnd.Cause.SETTINGS,
                                                    input + " must end in .csv or .jsonl"));
            var rules = RowRules.of(saying, models, false, now);
            var survey = Survey.of(input, format, rules, scratch, Answered.nothing(input));
            return new Verdict.Read(survey.rows(), survey.problems());
        } catch (BatchException e) {
            return new Verdict.Refused(new BatchEnd.Refused(e.kind(), e.getMessage()));
        }
    }
}
