package carillon.prompt;

import static java.util.Objects.requireNonNull;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import com.github.difflib.algorithm.myers.MyersDiffWithLinearSpace;
import com.github.difflib.patch.ChangeDelta;
import com.github.difflib.patch.Chunk;
import com.github.difflib.patch.Patch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// What differs between two versions of a prompt: the names of the fields, and the lines of the
/// text. `unified` is the same as a unified diff with three lines around each change, empty when
/// the texts are equal.
public record PromptDiff(
        int from, int to, List<String> fields, List<Change> changes, String unified) {
    /// More lines in a version are not compared: in the worst case the time grows with the square.
    public static final int MAX_LINES = 5_000;

    private static final int LINES_AROUND = 3;

    /// Lines that have been put for others. Line numbers start at 1; where there are no lines, the
    /// number is that of the line before which they would stand.
    public record Change(int fromLine, List<String> removed, int toLine, List<String> added) {
        public Change {
            removed = List.copyOf(removed);
            added = List.copyOf(added);
        }

        /// Whether `next` begins where this one ends.
        private boolean touches(Change next) {
            return fromLine + removed.size() == next.fromLine
                    && toLine + added.size() == next.toLine;
        }

        private Change with(Change next) {
            return new Change(
                    fromLine, both(removed, next.removed), toLine, both(added, next.added));
        }

        private static List<String> both(List<String> first, List<String> second) {
            return Stream.concat(first.stream(), second.stream()).toList();
        }

        private ChangeDelta<String> delta() {
            return new ChangeDelta<>(
                    new Chunk<>(fromLine - 1, removed), new Chunk<>(toLine - 1, added));
        }
    }

    public PromptDiff {
        fields = List.copyOf(fields);
        changes = List.copyOf(changes);
        requireNonNull(unified, "unified");
    }

    /// Empty when a text has more than [#MAX_LINES] lines.
    static Optional<PromptDiff> of(PromptVersion from, PromptVersion to) {
        var before = lines(from);
        var after = lines(to);
        if (before.size() > MAX_LINES || after.size() > MAX_LINES) {
            return Optional.empty();
        }
        var patch = DiffUtils.diff(before, after, new MyersDiffWithLinearSpace<String>());
        var changes = joined(patch);
        return Optional.of(
                new PromptDiff(
                        from.version(),
                        to.version(),
                        fields(from.definition(), to.definition()),
                        changes,
                        unified(from, to, before, changes)));
    }

    private static List<String> lines(PromptVersion version) {
        return List.of(version.definition().text().split("\n", -1));
    }

    /// The algorithm tells lines that come and lines that go apart, where one replaces the other
    /// too.
    private static List<Change> joined(Patch<String> patch) {
        var changes = new ArrayList<Change>();
        for (var delta : patch.getDeltas()) {
            var next =
                    new Change(
                            delta.getSource().getPosition() + 1,
                            delta.getSource().getLines(),
                            delta.getTarget().getPosition() + 1,
                            delta.getTarget().getLines());
            if (!changes.isEmpty() && changes.getLast().touches(next)) {
                changes.add(changes.removeLast().with(next));
            } else {
                changes.add(next);
            }
        }
        return changes;
    }

    private static String unified(
            PromptVersion from, PromptVersion to, List<String> before, List<Change> changes) {
        var patch = new Patch<String>();
        changes.forEach(change -> patch.addDelta(change.delta()));
        return String.join(
                "\n",
                UnifiedDiffUtils.generateUnifiedDiff(
                        from.definition().name() + " version " + from.version(),
                        to.definition().name() + " version " + to.version(),
                        before,
                        patch,
                        LINES_AROUND));
    }

    private static List<String> fields(PromptDefinition from, PromptDefinition to) {
        Map<String, Function<PromptDefinition, Object>> all = new LinkedHashMap<>();
        all.put("name", PromptDefinition::name);
        all.put("category", PromptDefinition::category);
        all.put("description", PromptDefinition::description);
        all.put("tags", PromptDefinition::tags);
        all.put("text", PromptDefinition::text);
        all.put("variables", PromptDefinition::variables);
        var differing = new ArrayList<String>();
        all.forEach(
                (name, field) -> {
                    if (!field.apply(from).equals(field.apply(to))) {
                        differing.add(name);
                    }
                });
        return differing;
    }
}
