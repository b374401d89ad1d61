package carillon.batch;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Rows of CSV (RFC 4180) with a header. Lines may end in any way; empty lines are rows without a
/// question.
final class CsvRows implements Rows {
    /// Of a field, and of what is left of a row at any place, in characters.
    private static final int MAX_BUFFER = 4 * RowDraft.MAX_TEXT;

    private final Path path;
    private final InputText text;
    private final RowRules rules;
    private final CsvRecords taken = new CsvRecords();
    private final CloseableIterator<CsvRecord> records;
    private Optional<CsvParseException> ahead = Optional.empty();
    private Optional<CsvHeader> header = Optional.empty();
    private boolean ended;
    private long number;
    private long ordinal;

    CsvRows(Path path, InputStream bytes, RowRules rules) {
        this.path = path;
        this.rules = rules;
        try {
            this.text = InputText.of(InputText.withoutMark(bytes));
        } catch (IOException e) {
            throw BlockStream.unreadable(path, e);
        }
        this.records =
                CsvReader.builder()
                        .skipEmptyLines(false)
                        .allowExtraFields(true)
                        .allowMissingFields(true)
                        .maxBufferSize(MAX_BUFFER)
                        .build(taken, text)
                        .iterator();
    }

    @Override
    public Optional<RowReading> next() {
        while (!ended) {
            var draft = new RowDraft(number + 1, ordinal + 1, rules);
            CsvRecord record;
            boolean last;
            try {
                if (ahead.isPresent()) {
                    throw ahead.get();
                }
                if (!records.hasNext()) {
                    return end();
                }
                record = records.next();
                number++;
                // Only the parser's next step shows whether the last quote was closed.
                last = !hasNext() && (text.quotes() - taken.strays()) % 2 == 1;
            } catch (CsvParseException e) {
                ended = true;
                return Optional.of(draft.endsHere(fault(e)));
            } catch (UncheckedIOException e) {
                throw BlockStream.unreadable(path, new IOException(e));
            }
            if (last) {
                ended = true;
                return Optional.of(draft.endsHere(UNCLOSED + where(record.line())));
            }
            var reading = read(record, draft);
            if (reading.isPresent()) {
                return reading;
            }
        }
        return Optional.empty();
    }

    private static final String UNCLOSED = "a quote is opened and never closed";

    /// A fault of the next record is told when its turn comes.
    private boolean hasNext() {
        try {
            return records.hasNext();
        } catch (CsvParseException e) {
            ahead = Optional.of(e);
            return true;
        }
    }

    private Optional<RowReading> end() {
        ended = true;
        return header.isPresent()
                ? Optional.empty()
                : Optional.of(
                        new RowDraft(1, 1, rules).endsHere("the file is empty: it has no header"));
    }

    private static String fault(CsvParseException e) {
        var cause = e.getCause() == null ? e : e.getCause();
        if (cause instanceof BatchException ours) {
            throw ours;
        }
        var words = String.valueOf(cause.getMessage());
        if (words.contains("after closing quote")) {
            return "something stands between the closing quote of a field and the comma";
        }
        return "a field has more than "
                + RowDraft.MAX_TEXT
                + " characters, or a quote is opened and never closed";
    }

    private String where(long begins) {
        return begins == number ? "" : " (the row begins at line " + begins + ")";
    }

    /// Empty for a row that asks nothing.
    private Optional<RowReading> read(CsvRecord record, RowDraft draft) {
        if (header.isEmpty()) {
            return readHeader(record);
        }
        if (record.isEmpty()) {
            return Optional.empty();
        }
        ordinal++;
        var columns = header.get();
        var fields = record.fields();
        if (fields.size() != columns.names().size()) {
            draft.problem(
                    "",
                    "has "
                            + fields.size()
                            + " fields where the header has "
                            + columns.names().size()
                            + where(record.line()));
            return Optional.of(draft.finish());
        }
        record.fault().ifPresent(fault -> draft.problem(columns.name(record.faultAt()), fault));
        if (record.fault().isEmpty()) {
            take(columns, fields, draft);
        }
        return Optional.of(draft.finish());
    }

    private void take(CsvHeader columns, List<String> fields, RowDraft draft) {
        for (int i = 0; i < fields.size(); i++) {
            var field = fields.get(i);
            var column = columns.columns().get(i);
            if (field.isEmpty()) {
                continue;
            }
            if (column.isPresent()) {
                draft.set(column.get(), field);
            } else {
                draft.fold(columns.names().get(i), field);
            }
        }
        rules.fillIn().ifPresent(fillIn -> draft.fill(fillIn, columns.byName(fields)));
    }

    private Optional<RowReading> readHeader(CsvRecord record) {
        var read = CsvHeader.of(record.fields());
        var problems =
                record.fault().isPresent()
                        ? List.of(
                                new RowProblem(
                                        1, read.name(record.faultAt()), record.fault().get()))
                        : read.problems(rules.fillIn());
        header = Optional.of(read);
        if (problems.isEmpty()) {
            return Optional.empty();
        }
        ended = true;
        return Optional.of(new RowReading.Bad(1, "", problems, true));
    }

    @Override
    public void close() {
        try {
            records.close();
        } catch (IOException e) {
            throw BlockStream.unreadable(path, e);
        }
    }
}
