package carillon.store;

import carillon.cluster.Holder;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What the database alone can do: a loop that inserts runs and ends them with the statements of
/// the planner and the completer, in batches, one transaction a batch, on plain JDBC and with
/// nothing around it. For measuring only.
public final class BareStatements {
    public static final int BATCH = 1_000;

    private static final Pattern PARAMETER = Pattern.compile(":(\\w+)");

    private final Stores stores;
    private final Holder holder;
    private final Text insert;
    private final Text finish;

    /// The runs belong to `holder` and to tasks that do not exist.
    public BareStatements(Stores stores, Holder holder) {
        this.stores = stores;
        this.holder = holder;
        insert = Text.of(stores.dialect().text(RunRows.INSERT));
        finish = Text.of(stores.dialect().text(AttemptEnds.FINISH));
    }

    /// A statement with its parameters by position.
    private record Text(String sql, List<String> parameters) {
        static Text of(String named) {
            var parameters = new ArrayList<String>();
            var sql =
                    PARAMETER
                            .matcher(named)
                            .replaceAll(
                                    found -> {
                                        parameters.add(found.group(1));
                                        return "?";
                                    });
            return new Text(sql, List.copyOf(parameters));
        }
    }

    /// Inserts and ends [#BATCH] runs, in two transactions; both are durable when this returns.
    /// `now` in milliseconds since 1970 is when they were due, began and ended.
    public void turn(long now) {
        var ids = new long[BATCH];
        for (int i = 0; i < BATCH; i++) {
            ids[i] = stores.tasks().newId().value();
        }
        switch (stores.dialect()) {
            case SQLITE -> {
                run(insert, ids, now);
                run(finish, ids, now);
            }
            case POSTGRESQL -> runTogether(ids, now);
        }
    }

    /// PostgreSQL gets all rows in one statement.
    private void runTogether(long[] ids, long now) {
        var all = Arrays.stream(ids).boxed().toList();
        int added =
                write(
                        transaction ->
                                Rows.insert(
                                        transaction,
                                        RunRows.INSERT,
                                        all,
                                        (fields, id) -> set(fields, insert.parameters, id, now)));
        int changed =
                write(
                        transaction ->
                                Rows.change(
                                                transaction,
                                                AttemptEnds.FINISH,
                                                all,
                                                (fields, id) ->
                                                        set(fields, finish.parameters, id, now))
                                        .size());
        if (added != ids.length || changed != ids.length) {
            throw new StoreException("the bare loop is not alone on its database");
        }
    }

    private <T> T write(Function<Transaction, T> work) {
        return stores.database().write("run the bare loop", work);
    }

    private void set(Rows.Fields fields, List<String> names, long id, long now) {
        for (var name : names) {
            switch (value(name, id, now)) {
                case Long number -> fields.set(name, number);
                case Integer number -> fields.set(name, (long) number);
                case String words -> fields.set(name, words);
                case null, default -> fields.set(name, (Long) null);
            }
        }
    }

    private void run(Text text, long[] ids, long now) {
        write(
                transaction -> {
                    var connection = transaction.handle().getConnection();
                    try (var statement = connection.prepareStatement(text.sql)) {
                        for (long id : ids) {
                            bind(statement, text.parameters, id, now);
                            statement.addBatch();
                        }
                        return statement.executeBatch().length;
                    } catch (SQLException e) {
                        throw Database.failure("run the bare loop", e);
                    }
                });
    }

    private void bind(PreparedStatement statement, List<String> parameters, long id, long now)
            throws SQLException {
        for (int i = 0; i < parameters.size(); i++) {
            var value = value(parameters.get(i), id, now);
            switch (value) {
                case Long number -> statement.setLong(i + 1, number);
                case Integer number -> statement.setInt(i + 1, number);
                case String words -> statement.setString(i + 1, words);
                case null, default -> statement.setNull(i + 1, java.sql.Types.BIGINT);
            }
        }
    }

    private @Nullable Object value(String parameter, long id, long now) {
        return switch (parameter) {
            case "id", "task_id" -> id;
            case "version", "attempt", "max_attempts" -> 1;
            case "trigger" -> "SCHEDULE";
            case "fire_time", "due_at", "started_at", "finished_at" -> now;
            case "priority" -> 5;
            case "node" -> holder.node();
            case "epoch" -> holder.epoch();
            case "state" -> "SUCCEEDED";
            case "reason" -> "";
            case "parent", "step" -> null;
            default -> throw new IllegalStateException("what is :" + parameter + "?");
        };
    }
}
