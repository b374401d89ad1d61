package carillon.batch;

import carillon.json.Nearest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The header of a CSV file: what each field of the rows below it is.
record CsvHeader(List<String> names, List<Optional<Column>> columns) {
    private static final int MAX_COLUMNS = 1_000;

    CsvHeader {
        names = List.copyOf(names);
        columns = List.copyOf(columns);
    }

    static CsvHeader of(List<String> fields) {
        var names = fields.stream().map(String::strip).toList();
        return new CsvHeader(names, names.stream().map(Column::of).toList());
    }

    /// What is wrong with it; a wrong header is one no row can be read by.
    List<RowProblem> problems(Optional<FillIn> fillIn) {
        if (names.size() > MAX_COLUMNS) {
            return List.of(new RowProblem(1, "", "has more than " + MAX_COLUMNS + " columns"));
        }
        var problems = new ArrayList<RowProblem>();
        var seen = new HashSet<String>();
        var used = fillIn.map(FillIn::variables).orElse(Set.of());
        for (int i = 0; i < names.size(); i++) {
            var name = names.get(i);
            if (name.isEmpty()) {
                problems.add(new RowProblem(1, "", "column " + (i + 1) + " has no name"));
            } else if (!seen.add(name)) {
                problems.add(new RowProblem(1, RowDraft.shown(name), "stands there twice"));
            } else if (columns.get(i).isEmpty() && !used.contains(name)) {
                typingError(name).ifPresent(problems::add);
            }
        }
        lacking(seen, fillIn).ifPresent(problems::add);
        return problems;
    }

    /// Names that are nearly a known one are taken for errors, others become metadata.
    static Optional<RowProblem> typingError(String name) {
        return Column.FOLDED.contains(name)
                ? Optional.empty()
                : Nearest.to(name, Column.words())
                        .map(
                                meant ->
                                        new RowProblem(
                                                1,
                                                RowDraft.shown(name),
                                                "is unknown; did you mean '" + meant + "'?"));
    }

    private static Optional<RowProblem> lacking(Set<String> names, Optional<FillIn> fillIn) {
        if (fillIn.isPresent()) {
            var missing = fillIn.get().missing(names);
            return missing.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            new RowProblem(
                                    1,
                                    "",
                                    "the template needs the columns "
                                            + String.join(", ", missing)
                                            + ", which are missing"));
        }
        boolean asks = names.contains("prompt") || names.contains("messages");
        return asks
                ? Optional.empty()
                : Optional.of(
                        new RowProblem(
                                1,
                                "",
                                "the header names neither prompt nor messages; it has "
                                        + RowDraft.shown(
                                                String.join(", ", new LinkedHashSet<>(names)))));
    }

    /// The name of a field for people, also of one that the header does not have.
    String name(int field) {
        return field < names.size() ? names.get(field) : Integer.toString(field + 1);
    }

    /// The fields of a row by name.
    Map<String, String> byName(List<String> fields) {
        var values = new HashMap<String, String>();
        for (int i = 0; i < names.size(); i++) {
            values.put(names.get(i), fields.get(i));
        }
        return values;
    }
}
