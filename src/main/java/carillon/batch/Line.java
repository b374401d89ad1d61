package carillon.batch;

import static java.util.Objects.requireNonNull;

import carillon.ai.Spending;

/// The result of a row as it will stand in the output, or in the file of failures. `index` counts
/// the rows that ask something from 0.
final class Line {
    private final long index;
    private final boolean succeeded;
    private final Spending spending;
    private final byte[] text;

    /// Keeps `text`, which must not be changed any more.
    Line(long index, boolean succeeded, Spending spending, byte[] text) {
        this.index = index;
        this.succeeded = succeeded;
        this.spending = requireNonNull(spending, "spending");
        this.text = requireNonNull(text, "text");
    }

    static Line of(long index, Format format, Result result) {
        var text = ResultText.line(format, result);
        return new Line(index, result.succeeded(), result.spending(), text);
    }

    long index() {
        return index;
    }

    boolean succeeded() {
        return succeeded;
    }

    Spending spending() {
        return spending;
    }

    /// Not to be changed.
    byte[] text() {
        return text;
    }
}
