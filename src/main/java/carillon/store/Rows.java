package carillon.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.statement.PreparedBatch;

/// Changes many rows, each by its own values, with a statement that says `FROM /* rows: id bigint,
/// name type, … */` and then speaks of `given.name`.
///
/// PostgreSQL gets all values as one JSON parameter in one statement: that costs it a third of what
/// as many statements in a batch do. For SQLite, where a statement costs nothing but its steps, the
/// same text becomes a batch with a parameter for each name.
final class Rows {
    private static final JsonFactory JSON = new JsonFactory();

    private Rows() {}

    /// Tells the values of one row.
    interface Writer<T> {
        void write(Fields fields, T row);
    }

    /// Takes the values of one row; each name must be told for each row.
    interface Fields {
        void set(String name, long value);

        void set(String name, String value);

        void set(String name, Optional<Instant> value);
    }

    /// Returns the ids of the rows that were found and changed.
    static <T> Set<Long> change(
            Session session, String statement, Collection<T> rows, Writer<T> writer) {
        if (rows.isEmpty()) {
            return Set.of();
        }
        return switch (session.dialect()) {
            case SQLITE -> changeEach(session.batch(statement), rows, writer);
            case POSTGRESQL ->
                    new HashSet<>(
                            session.query(statement + " RETURNING given.id")
                                    .bind("rows", json(rows, writer))
                                    .mapTo(Long.class)
                                    .list());
        };
    }

    private static <T> Set<Long> changeEach(
            PreparedBatch batch, Collection<T> rows, Writer<T> writer) {
        var ids = new ArrayList<Long>(rows.size());
        for (var row : rows) {
            writer.write(new Bound(batch, ids), row);
            batch.add();
        }
        int[] counts = batch.execute();
        var changed = new HashSet<Long>();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] == 1) {
                changed.add(ids.get(i));
            }
        }
        return changed;
    }

    private record Bound(PreparedBatch batch, List<Long> ids) implements Fields {
        @Override
        public void set(String name, long value) {
            if (name.equals("id")) {
                ids.add(value);
            }
            batch.bind(name, value);
        }

        @Override
        public void set(String name, String value) {
            batch.bind(name, value);
        }

        @Override
        public void set(String name, Optional<Instant> value) {
            batch.bind(name, Columns.millis(value));
        }
    }

    private static <T> String json(Collection<T> rows, Writer<T> writer) {
        var text = new StringWriter(rows.size() * 100);
        try (var json = JSON.createGenerator(text)) {
            var fields = new Written(json);
            json.writeStartArray();
            for (var row : rows) {
                json.writeStartObject();
                writer.write(fields, row);
                json.writeEndObject();
            }
            json.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private record Written(JsonGenerator json) implements Fields {
        @Override
        public void set(String name, long value) {
            try {
                json.writeNumberField(name, value);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void set(String name, String value) {
            try {
                json.writeStringField(name, value);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /// An absent field is NULL in the database.
        @Override
        public void set(String name, Optional<Instant> value) {
            value.ifPresent(instant -> set(name, instant.toEpochMilli()));
        }
    }
}
