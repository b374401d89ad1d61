package carillon.batch;

import java.util.Optional;

/// The rows of an input, one after the other.
interface Rows extends AutoCloseable {
    /// The next one; empty at the end.
    Optional<RowReading> next();

    @Override
    void close();
}
