package carillon.peers;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jobrunr.configuration.JobRunr;
import org.jobrunr.jobs.mappers.JobMapper;
import org.jobrunr.scheduling.BackgroundJob;
import org.jobrunr.server.BackgroundJobServer;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.storage.sql.postgres.PostgresStorageProvider;
import org.jobrunr.utils.mapper.jackson.JacksonJsonMapper;

/// JobRunr with more workers than its default of eight a core, and the shortest poll that it allows.
public final class JobRunrScheduler implements Contender {
    private static final int WORKERS = 100;
    private static final Duration POLL = Duration.ofSeconds(5);

    private final HikariDataSource pool;
    private final List<HikariDataSource> pools = new ArrayList<>();
    private final List<BackgroundJobServer> nodes = new ArrayList<>();
    private int stored;

    JobRunrScheduler(String url, int count) throws SQLException {
        pool = Pool.open(url);
        pools.add(pool);
        var mapper = new JacksonJsonMapper();
        var storage = storage(pool, mapper);
        Pool.execute(pool, "TRUNCATE jobrunr_jobs");
        JobRunr.configure()
                .useJsonMapper(mapper)
                .useStorageProvider(storage)
                .useBackgroundJobServer(configuration(), false)
                .initialize();
        nodes.add(JobRunr.getBackgroundJobServer());
        for (int i = 2; i <= count; i++) {
            pools.add(Pool.open(url));
            var own = storage(pools.getLast(), mapper);
            nodes.add(new BackgroundJobServer(own, mapper, null, configuration()));
        }
    }

    private static PostgresStorageProvider storage(
            HikariDataSource pool, JacksonJsonMapper mapper) {
        var storage = new PostgresStorageProvider(pool);
        storage.setJobMapper(new JobMapper(mapper));
        return storage;
    }

    private static BackgroundJobServerConfiguration configuration() {
        return BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
                .andWorkerCount(WORKERS)
                .andPollInterval(POLL);
    }

    @Override
    public String settings() {
        return "%d workers, polling every %d s when idle, %d connections, jobs enqueued in bulk"
                .formatted(WORKERS, POLL.toSeconds(), Pool.SIZE);
    }

    /// What is past is enqueued at once.
    @Override
    public void store(List<Instant> due) {
        stored = due.size();
        BackgroundJob.enqueue(
                due.stream().map(Instant::toEpochMilli), at -> JobRunrScheduler.one(at));
    }

    /// The work: JobRunr finds it by its name, and so it must be public.
    public static void one(Long due) {
        Done.one(Instant.ofEpochMilli(due));
    }

    @Override
    public void start() {
        nodes.forEach(BackgroundJobServer::start);
    }

    @Override
    public boolean isSettled() throws SQLException {
        return Pool.count(pool, "SELECT count(*) FROM jobrunr_jobs WHERE state = 'SUCCEEDED'")
                >= stored;
    }

    @Override
    public void close() {
        nodes.forEach(BackgroundJobServer::stop);
        JobRunr.destroy();
        pools.forEach(HikariDataSource::close);
    }
}
