package carillon.console;

import static java.util.Objects.requireNonNull;

import carillon.run.Run;
import java.time.Duration;
import java.util.Locale;

/// A run as one row of a table.
public record RunRow(
        long id, long task, String name, String state, String when, String timing, String note) {
    public RunRow {
        requireNonNull(name, "name");
        requireNonNull(state, "state");
        requireNonNull(when, "when");
        requireNonNull(timing, "timing");
        requireNonNull(note, "note");
    }

    /// `name` is that of the run's task.
    static RunRow of(Run run, String name) {
        var occasion = run.occasion();
        return new RunRow(
                run.id().value(),
                run.task().value(),
                name,
                run.state().name(),
                Words.time(occasion.fireTime().orElse(occasion.dueAt())),
                timing(run),
                note(run));
    }

    /// The state as the style sheet names it.
    public String tone() {
        return state.toLowerCase(Locale.ROOT);
    }

    /// How long it took, or how late it began where it has not ended.
    private static String timing(Run run) {
        var times = run.progress().times();
        var took =
                times.startedAt()
                        .flatMap(from -> times.finishedAt().map(to -> Duration.between(from, to)));
        return took.map(Words::duration).orElse(Words.NOTHING);
    }

    private static String note(Run run) {
        var many = run.count() > 1 ? "× " + Words.number(run.count()) + " " : "";
        var retried = run.progress().attemptsUsed() > 1 ? "attempt %d of %d " : "";
        var attempts =
                retried.formatted(run.progress().attemptsUsed(), run.progress().attemptsAllowed());
        return Words.brief(many + attempts + run.progress().reason());
    }
}
