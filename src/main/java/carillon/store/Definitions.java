package carillon.store;

import carillon.task.TaskCodec;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import carillon.task.TaskVersion;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The definitions of task versions. They never change, so those used lately are kept in memory.
final class Definitions {
    private static final int MAX_KEPT = 20_000;

    private final TaskCodec codec;
    private final Cache<Key, TaskDefinition> kept =
            Caffeine.newBuilder().maximumSize(MAX_KEPT).build();

    record Key(long task, int version) {}

    Definitions(TaskCodec codec) {
        this.codec = codec;
    }

    String write(TaskId task, TaskDefinition definition) {
        return codec.write(task, definition);
    }

    /// Remembers what has just been written: it will be read soon.
    void keep(TaskVersion version) {
        kept.put(new Key(version.task().value(), version.version()), version.definition());
    }

    TaskDefinition read(long task, int version, String text) {
        return kept.get(new Key(task, version), _ -> codec.read(new TaskId(task), text));
    }

    private static final String LOAD =
            """
            SELECT task_id, version, definition FROM task_version WHERE task_id IN (/* ids */)
            """;

    private static final String LOAD_ONE =
            """
            SELECT definition FROM task_version WHERE task_id = :task AND version = :version
            """;

    Optional<TaskDefinition> find(Session session, Key key) {
        var known = Optional.ofNullable(kept.getIfPresent(key));
        return known.isPresent() ? known : load(session, key);
    }

    private Optional<TaskDefinition> load(Session session, Key key) {
        return session.query(LOAD_ONE)
                .bind("task", key.task)
                .bind("version", key.version)
                .mapTo(String.class)
                .findOne()
                .map(text -> read(key.task, key.version, text));
    }

    /// The definitions of the versions named; those that do not exist (any more) are absent.
    Map<Key, TaskDefinition> find(Session session, Collection<Key> keys) {
        return find(session, keys, Map.of());
    }

    /// The same, where some have been `read` before: not all that is read is kept.
    Map<Key, TaskDefinition> find(
            Session session, Collection<Key> keys, Map<Key, TaskDefinition> read) {
        var found = new HashMap<Key, TaskDefinition>();
        var missing = new ArrayList<Key>();
        for (var key : keys) {
            var known = read.containsKey(key) ? read.get(key) : kept.getIfPresent(key);
            if (known == null) {
                missing.add(key);
            } else {
                found.put(key, known);
            }
        }
        load(session, missing, found);
        return found;
    }

    private void load(Session session, List<Key> missing, Map<Key, TaskDefinition> found) {
        if (missing.isEmpty()) {
            return;
        }
        var wanted = new HashSet<>(missing);
        var tasks = missing.stream().map(Key::task).distinct().toList();
        session.query(LOAD, tasks)
                .map(
                        (row, _) -> {
                            var key = new Key(row.getLong("task_id"), row.getInt("version"));
                            if (wanted.contains(key)) {
                                var text = row.getString("definition");
                                found.put(key, read(key.task, key.version, text));
                            }
                            return key;
                        })
                .list();
    }
}
