package carillon.store;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The few places where the texts for the two databases differ. Each is a comment in the statement
/// that is replaced here; everything else is one text for both.
public enum Dialect {
    SQLITE,
    POSTGRESQL;

    /// Waits until every transaction that has taken a number for its events has ended.
    static final String SETTLE_EVENT_PAGES = "SELECT pg_advisory_xact_lock(7243392, 1)";

    private static final class Marks {
        /// One writer at a time: there is nobody to lock out, and no number can be taken out of
        /// order.
        private static final Map<String, String> SQLITE =
                Map.of(
                        "/* ids */", "SELECT value FROM json_each(:ids)",
                        "/* event page */",
                                "SELECT coalesce(max(id) / :width, 0) + 1 AS number FROM event",
                        "/* lane */", "0",
                        "/* lock */", "",
                        "/* lock, skip locked */", "",
                        "/* lock runs, skip locked */", "",
                        "/* keep alive */", "");

        /// Numbers of event pages are taken under a shared advisory lock that lives as long as the
        /// transaction. Whoever reads takes it exclusively, so no page with a lower number can
        /// appear after one has been read. `KEY SHARE` keeps a row from being deleted, and a node's
        /// life from being rescued, but neither from being updated.
        private static final Map<String, String> POSTGRESQL =
                Map.of(
                        "/* ids */", "SELECT unnest(CAST(:ids AS bigint[]))",
                        "/* event page */",
                                "SELECT nextval('event_page') AS number FROM (SELECT"
                                        + " pg_advisory_xact_lock_shared(7243392, 1)) AS locked",
                        "/* lane */", "pg_backend_pid() % 16",
                        "/* lock */", "FOR UPDATE",
                        "/* lock, skip locked */", "FOR UPDATE SKIP LOCKED",
                        "/* lock runs, skip locked */", "FOR UPDATE OF run SKIP LOCKED",
                        "/* keep alive */", "FOR KEY SHARE");

        private static final Map<String, String> SQLITE_TEXTS = new ConcurrentHashMap<>();
        private static final Map<String, String> POSTGRESQL_TEXTS = new ConcurrentHashMap<>();
    }

    /// The statement as this database is to see it.
    String text(String statement) {
        return switch (this) {
            case SQLITE -> text(statement, Marks.SQLITE, Marks.SQLITE_TEXTS);
            case POSTGRESQL -> text(statement, Marks.POSTGRESQL, Marks.POSTGRESQL_TEXTS);
        };
    }

    private String text(String statement, Map<String, String> marks, Map<String, String> texts) {
        var known = texts.get(statement);
        return known != null
                ? known
                : texts.computeIfAbsent(statement, written -> translate(written, marks));
    }

    private String translate(String statement, Map<String, String> marks) {
        var text = statement;
        for (var mark : marks.entrySet()) {
            text = text.replace(mark.getKey(), mark.getValue());
        }
        return switch (this) {
            case SQLITE -> {
                var one = SELECTED_ROWS.matcher(text).replaceAll("VALUES ($1)");
                yield GIVEN.matcher(ROWS.matcher(one).replaceAll("")).replaceAll(":$1");
            }
            case POSTGRESQL -> ROWS.matcher(text).replaceAll(rows -> arrays(rows.group(1)));
        };
    }

    /// Of `id bigint, name text`: a table with these columns, each of them given as an array.
    private static String arrays(String columns) {
        var names = NAME_AND_TYPE.matcher(columns).replaceAll("$1");
        var arrays = NAME_AND_TYPE.matcher(columns).replaceAll("CAST(:$1 AS $2[])");
        return "FROM unnest(" + arrays + ") AS given(" + names + ")";
    }

    private static final Pattern NAME_AND_TYPE = Pattern.compile("(\\w+) (\\w+)");

    /// See [Rows].
    private static final Pattern ROWS = Pattern.compile("FROM /\\* rows: ([^*]+) \\*/");

    /// What an INSERT takes from them, which is less work as the values of one row.
    private static final Pattern SELECTED_ROWS =
            Pattern.compile("SELECT ([^;]+?)\\s+" + ROWS.pattern());

    private static final Pattern GIVEN = Pattern.compile("\\bgiven\\.(\\w+)");

    /// What to bind as `ids` to a statement that says `IN (/* ids */)`.
    String list(Collection<Long> ids) {
        var numbers = ids.stream().map(String::valueOf).collect(Collectors.joining(","));
        return switch (this) {
            case SQLITE -> "[" + numbers + "]";
            case POSTGRESQL -> "{" + numbers + "}";
        };
    }
}
