package carillon.batch;

import static java.util.Objects.requireNonNull;

/// What is wrong with one row; `column` is empty where it is the row as a whole. In CSV row 1 is
/// the header and a row can have several lines; in JSON Lines rows are lines.
public record RowProblem(long row, String column, String message) {
    public RowProblem {
        requireNonNull(column, "column");
        requireNonNull(message, "message");
        if (row < 1) {
            throw new IllegalArgumentException("rows are counted from 1: " + row);
        }
    }

    /// For people: `row 57, column temperature: must be a number from 0 to 2`.
    @Override
    public String toString() {
        var where = column.isEmpty() ? "" : ", column " + column;
        return "row " + row + where + ": " + message;
    }
}
