package carillon.peers;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.task.SchedulableInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// db-scheduler with the polling strategy that its documentation names for high throughput.
final class DbScheduler implements Contender {
    private static final int THREADS = 100;
    private static final Duration POLL = Duration.ofMillis(10);

    private final HikariDataSource pool;
    private final OneTimeTask<Long> task;
    private final List<HikariDataSource> pools = new ArrayList<>();
    private final List<Scheduler> nodes = new ArrayList<>();

    DbScheduler(String url, int count) throws SQLException {
        pool = Pool.open(url);
        pools.add(pool);
        Pool.execute(
                pool,
                "DROP TABLE IF EXISTS scheduled_tasks",
                """
                CREATE TABLE scheduled_tasks (
                  task_name text NOT NULL, task_instance text NOT NULL, task_data bytea,
                  execution_time timestamptz NOT NULL, picked boolean NOT NULL, picked_by text,
                  last_success timestamptz, last_failure timestamptz, consecutive_failures int,
                  last_heartbeat timestamptz, version bigint NOT NULL, priority smallint,
                  state text,
                  PRIMARY KEY (task_name, task_instance))
                """,
                "CREATE INDEX due ON scheduled_tasks (execution_time)",
                "CREATE INDEX heartbeat ON scheduled_tasks (last_heartbeat)");
        task =
                Tasks.oneTime("empty", Long.class)
                        .execute((job, _) -> Done.one(Instant.ofEpochMilli(job.getData())));
        for (int i = 1; i <= count; i++) {
            if (i > 1) {
                pools.add(Pool.open(url));
            }
            nodes.add(
                    Scheduler.create(pools.getLast(), task)
                            .schedulerName(new SchedulerName.Fixed("node-" + i))
                            .threads(THREADS)
                            .pollingInterval(POLL)
                            .pollUsingLockAndFetch(4.0, 20.0)
                            .build());
        }
    }

    @Override
    public String settings() {
        return "lock-and-fetch (4.0, 20.0), %d threads, polling every %d ms, %d connections"
                .formatted(THREADS, POLL.toMillis(), Pool.SIZE);
    }

    @Override
    public void store(List<Instant> due) {
        int place = 0;
        for (int from = 0; from < due.size(); from += 1_000) {
            var batch = new ArrayList<SchedulableInstance<?>>();
            for (var at : due.subList(from, Math.min(due.size(), from + 1_000))) {
                var job = task.instance(Integer.toString(place), at.toEpochMilli());
                batch.add(SchedulableInstance.of(job, at));
                place++;
            }
            nodes.getFirst().scheduleBatch(batch);
        }
    }

    @Override
    public void start() {
        nodes.forEach(Scheduler::start);
    }

    @Override
    public boolean isSettled() throws SQLException {
        return Pool.count(pool, "SELECT count(*) FROM scheduled_tasks") == 0;
    }

    @Override
    public void close() {
        nodes.forEach(Scheduler::stop);
        pools.forEach(HikariDataSource::close);
    }
}
