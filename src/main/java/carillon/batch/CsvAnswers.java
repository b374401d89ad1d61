package carillon.batch;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/// Answers in an output in CSV.
final class CsvAnswers implements Answers {
    /// Of a field, in characters; more than any answer has.
    private static final int MAX_FIELD = 64 * 1024 * 1024;

    private final Path output;
    private final CloseableIterator<CsvRecord> records;

    CsvAnswers(Path output) throws IOException {
        this.output = output;
        var handler =
                CsvRecordHandler.builder()
                        .maxFieldSize(MAX_FIELD)
                        .maxRecordSize(2 * MAX_FIELD)
                        .build();
        records =
                CsvReader.builder()
                        .maxBufferSize(MAX_FIELD)
                        .allowExtraFields(true)
                        .allowMissingFields(true)
                        .build(handler, output)
                        .iterator();
        var header = record();
        if (header.isEmpty() || !header.get().getFields().equals(ResultText.COLUMNS)) {
            close();
            throw Answers.noOutput(output, "its header is another");
        }
    }

    private Optional<CsvRecord> record() {
        try {
            return records.hasNext() ? Optional.of(records.next()) : Optional.empty();
        } catch (CsvParseException _) {
            throw Answers.noOutput(output, "it is not whole CSV");
        } catch (UncheckedIOException e) {
            throw BlockStream.unreadable(output, new IOException(e));
        }
    }

    @Override
    public Optional<Answer> next() {
        return record().map(this::answer);
    }

    private Answer answer(CsvRecord record) {
        var fields = record.getFields();
        if (fields.size() != ResultText.COLUMNS.size()) {
            throw Answers.noOutput(
                    output, "line " + record.getStartingLineNumber() + " has other columns");
        }
        return new Answer(
                fields.getFirst(), fields.get(ResultText.PROMPT), ResultText.csvLine(fields));
    }

    @Override
    public void close() {
        try {
            records.close();
        } catch (IOException e) {
            throw BlockStream.unreadable(output, e);
        }
    }
}
