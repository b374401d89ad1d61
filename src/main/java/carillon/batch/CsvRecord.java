package carillon.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One record of a CSV file as it stands there. `line` is where it begins; `fault` is what is wrong
/// with field `faultAt` as text.
record CsvRecord(long line, List<String> fields, Optional<String> fault, int faultAt) {
    CsvRecord {
        fields = new ArrayList<>(fields);
    }

    boolean isEmpty() {
        return fields.isEmpty();
    }
}
