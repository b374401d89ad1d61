package carillon.batch;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;

/// What the first reading of an input has found. `rows` counts those that ask something or should;
/// `repeated` holds the numbers of rows whose id or idempotency key an earlier one has. It is not
/// `whole` when it could not be read to its end.
record Survey(Blocks blocks, long rows, BitSet repeated, RowProblems problems, boolean whole) {
    /// A row's number fits into a bit set.
    static final long MAX_ROWS = Integer.MAX_VALUE - 8L;

    Survey {
        requireNonNull(blocks, "blocks");
        requireNonNull(repeated, "repeated");
        requireNonNull(problems, "problems");
    }

    /// Reads the input once, and keeps what it needs to remember in `folder` while it does. Throws
    /// [BatchException] when something else has been `answered`.
    static Survey of(Path input, Format format, RowRules rules, Path folder, Answered answered) {
        var blocks = new Blocks();
        var problems = new RowProblems();
        var repeated = new BitSet();
        long rows = 0;
        boolean whole = true;
        try (var stream = BlockStream.recording(input, blocks);
                var read = format.rows(input, stream, rules);
                var repeats = new Repeats(folder)) {
            for (var next = read.next(); next.isPresent(); next = read.next()) {
                rows++;
                if (next.get().number() > MAX_ROWS) {
                    throw new BatchException(
                            BatchEnd.Cause.INPUT, "the input has more than " + MAX_ROWS + " rows");
                }
                switch (next.get()) {
                    case RowReading.Good(var row) -> {
                        answered.line(row);
                        repeats.add(Repeats.Kind.ID, row.id(), row.number());
                        row.labels()
                                .idempotencyKey()
                                .ifPresent(key -> repeats.add(Repeats.Kind.KEY, key, row.number()));
                    }
                    case RowReading.Bad bad -> {
                        problems.addAll(bad.problems());
                        whole &= !bad.last();
                    }
                }
            }
            if (whole) {
                answered.requireNothingLeft();
            }
            repeats.find(
                    (row, earlier, kind) -> {
                        repeated.set(Math.toIntExact(row));
                        problems.add(new RowProblem(row, kind.word(), repeats(earlier)));
                    });
        } catch (IOException e) {
            throw BlockStream.unreadable(input, e);
        }
        return new Survey(blocks, rows, repeated, problems, whole);
    }

    private static String repeats(long earlier) {
        return "is the same as in row " + earlier;
    }
}
