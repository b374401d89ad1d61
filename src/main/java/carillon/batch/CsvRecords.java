package carillon.batch;

import de.siegmar.fastcsv.reader.CsvCallbackHandler;
import de.siegmar.fastcsv.reader.RecordType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Takes the fields of records from the parser, and looks at each for what must not be there.
final class CsvRecords extends CsvCallbackHandler<CsvRecord> {
    /// Of a record; the parser itself keeps to as many.
    static final int MAX_FIELDS = 16 * 1024;

    private List<String> fields = List.of();
    private RecordType type = RecordType.DATA;
    private Optional<String> fault = Optional.empty();
    private int faultAt;
    private int count;
    private long line;
    private long strays;

    /// How many quotes stood in fields that did not begin with one.
    long strays() {
        return strays;
    }

    @Override
    protected RecordType getRecordType() {
        return type;
    }

    @Override
    protected int getFieldCount() {
        return count;
    }

    @Override
    protected void beginRecord(long startingLine) {
        fields = new ArrayList<>();
        type = RecordType.DATA;
        fault = Optional.empty();
        count = 0;
        line = startingLine;
    }

    @Override
    protected void addField(char[] text, int offset, int length, boolean quoted) {
        if (!quoted) {
            strays += quotes(text, offset, length);
        }
        if (fault.isEmpty()) {
            fault = fault(text, offset, length, quoted);
            faultAt = count;
        }
        count++;
        if (count <= MAX_FIELDS) {
            fields.add(length == 0 ? "" : new String(text, offset, length));
        }
    }

    private static Optional<String> fault(char[] text, int offset, int length, boolean quoted) {
        if (length > RowDraft.MAX_TEXT) {
            return Optional.of("must have at most " + RowDraft.MAX_TEXT + " characters");
        }
        var broken = InputText.fault(text, offset, length);
        if (broken.isPresent() || quoted || quotes(text, offset, length) == 0) {
            return broken;
        }
        return Optional.of(
                "has a quote inside a field that does not begin with one; write the field as"
                        + " \"…\" with each quote in it doubled");
    }

    private static int quotes(char[] text, int offset, int length) {
        int quotes = 0;
        for (int i = offset; i < offset + length; i++) {
            quotes += text[i] == '"' ? 1 : 0;
        }
        return quotes;
    }

    @Override
    protected void setComment(char[] text, int offset, int length) {
        throw new IllegalStateException("comments are not read");
    }

    @Override
    protected void setEmpty() {
        type = RecordType.EMPTY;
        count = 0;
        fields = List.of();
    }

    @Override
    protected CsvRecord buildRecord() {
        return new CsvRecord(line, fields, fault, faultAt);
    }
}
