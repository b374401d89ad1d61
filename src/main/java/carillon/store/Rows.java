package carillon.store;

import static java.util.Objects.requireNonNull;

import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/// Writes many rows, each with its own values, by a statement that says `FROM /* rows: id bigint,
/// name type, … */` and then speaks of `given.name`.
///
/// PostgreSQL gets all values in one statement, as an array for each name: that costs it a third of
/// what as many statements in a batch do. For SQLite, where a statement costs nothing but its
/// steps, the same text becomes a batch with a parameter for each name.
final class Rows {
    private Rows() {}

    /// Tells the values of one row.
    interface Writer<T> {
        void write(Fields fields, T row);
    }

    /// Takes the values of one row; each name must be told for each row.
    interface Fields {
        void set(String name, @Nullable Long value);

        void set(String name, @Nullable String value);

        default void set(String name, long value) {
            set(name, (Long) value);
        }

        default void set(String name, Optional<Instant> value) {
            set(name, Columns.millis(value));
        }
    }

    /// Returns how many rows were added.
    static <T> int insert(Session session, String statement, Collection<T> rows, Writer<T> writer) {
        if (rows.isEmpty()) {
            return 0;
        }
        return switch (session.dialect()) {
            case SQLITE -> Arrays.stream(batch(session, statement, rows, writer).execute()).sum();
            case POSTGRESQL -> bind(session.update(statement), rows, writer).execute();
        };
    }

    /// Returns the ids of the rows that were found and changed.
    static <T> Set<Long> change(
            Session session, String statement, Collection<T> rows, Writer<T> writer) {
        if (rows.isEmpty()) {
            return Set.of();
        }
        return switch (session.dialect()) {
            case SQLITE -> changeEach(session, statement, rows, writer);
            case POSTGRESQL ->
                    new HashSet<>(
                            bind(session.query(statement + " RETURNING given.id"), rows, writer)
                                    .mapTo(Long.class)
                                    .list());
        };
    }

    private static <T> PreparedBatch batch(
            Session session, String statement, Collection<T> rows, Writer<T> writer) {
        var batch = session.batch(statement);
        var fields = new Bound(batch);
        for (var row : rows) {
            writer.write(fields, row);
            batch.add();
        }
        return batch;
    }

    private static <T> Set<Long> changeEach(
            Session session, String statement, Collection<T> rows, Writer<T> writer) {
        var ids = new ArrayList<Long>(rows.size());
        int[] counts =
                batch(
                                session,
                                statement,
                                rows,
                                (fields, row) -> writer.write(new Noted(fields, ids), row))
                        .execute();
        var changed = new HashSet<Long>();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] == 1) {
                changed.add(ids.get(i));
            }
        }
        return changed;
    }

    private record Bound(PreparedBatch batch) implements Fields {
        @Override
        public void set(String name, @Nullable Long value) {
            batch.bind(name, value);
        }

        @Override
        public void set(String name, @Nullable String value) {
            batch.bind(name, value);
        }
    }

    /// Hands on, and notes the ids.
    private record Noted(Fields fields, List<Long> ids) implements Fields {
        @Override
        public void set(String name, @Nullable Long value) {
            if (name.equals("id")) {
                ids.add(requireNonNull(value, "id"));
            }
            fields.set(name, value);
        }

        @Override
        public void set(String name, @Nullable String value) {
            fields.set(name, value);
        }
    }

    private static <T, S extends SqlStatement<S>> S bind(
            S statement, Collection<T> rows, Writer<T> writer) {
        var gathered = new Gathered(rows.size(), new LinkedHashMap<>());
        for (var row : rows) {
            writer.write(gathered, row);
        }
        gathered.columns.forEach(
                (name, column) ->
                        statement.bind(
                                name,
                                (position, prepared, _) ->
                                        prepared.setObject(position, column.values, Types.ARRAY)));
        return statement;
    }

    /// An array for each name, which is filled row by row.
    private record Gathered(int size, Map<String, Column> columns) implements Fields {
        @Override
        public void set(String name, @Nullable Long value) {
            columns.computeIfAbsent(name, _ -> new Column(new Long[size])).add(value);
        }

        @Override
        public void set(String name, @Nullable String value) {
            columns.computeIfAbsent(name, _ -> new Column(new String[size])).add(value);
        }
    }

    private static final class Column {
        private final @Nullable Object[] values;
        private int filled;

        Column(@Nullable Object[] values) {
            this.values = values;
        }

        void add(@Nullable Object value) {
            values[filled++] = value;
        }
    }
}
