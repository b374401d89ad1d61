package carillon.peers;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobExecutionContext;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.impl.SchedulerRepository;
import org.quartz.impl.StdSchedulerFactory;

/// Quartz: clustered over JDBC, with triggers acquired in batches; or in memory.
final class QuartzScheduler implements Contender {
    private static final String NAME = "peers";
    private static final int THREADS = 20;

    private final Optional<HikariDataSource> pool;
    private final List<Scheduler> nodes = new ArrayList<>();

    /// Does nothing, and tells of it.
    public static final class Empty implements Job {
        @Override
        public void execute(JobExecutionContext context) {
            Done.one(context.getScheduledFireTime().toInstant());
        }
    }

    private QuartzScheduler(Optional<HikariDataSource> pool, Properties properties, int count)
            throws SchedulerException {
        this.pool = pool;
        properties.setProperty("org.quartz.scheduler.instanceName", NAME);
        properties.setProperty("org.quartz.scheduler.skipUpdateCheck", "true");
        properties.setProperty(
                "org.quartz.scheduler.batchTriggerAcquisitionMaxCount",
                Integer.toString(THREADS));
        properties.setProperty("org.quartz.threadPool.threadCount", Integer.toString(THREADS));
        for (int i = 1; i <= count; i++) {
            properties.setProperty("org.quartz.scheduler.instanceId", "node-" + i);
            nodes.add(new StdSchedulerFactory(properties).getScheduler());
            // Else the next would be this one again: nodes of a cluster have the same name.
            SchedulerRepository.getInstance().remove(NAME);
        }
    }

    static QuartzScheduler clustered(String url, int count)
            throws SQLException, IOException, SchedulerException {
        var pool = Pool.open(url);
        Pool.execute(pool, tables());
        var properties = new Properties();
        var store = "org.quartz.jobStore.";
        properties.setProperty(store + "class", "org.quartz.impl.jdbcjobstore.JobStoreTX");
        properties.setProperty(
                store + "driverDelegateClass",
                "org.quartz.impl.jdbcjobstore.PostgreSQLDelegate");
        properties.setProperty(store + "isClustered", "true");
        properties.setProperty(store + "acquireTriggersWithinLock", "true");
        properties.setProperty(store + "misfireThreshold", "3600000");
        properties.setProperty(store + "dataSource", "peers");
        var source = "org.quartz.dataSource.peers.";
        properties.setProperty(source + "provider", "hikaricp");
        properties.setProperty(source + "driver", "org.postgresql.Driver");
        properties.setProperty(source + "URL", url);
        properties.setProperty(source + "user", "postgres");
        properties.setProperty(source + "maxConnections", Integer.toString(THREADS + 3));
        return new QuartzScheduler(Optional.of(pool), properties, count);
    }

    static QuartzScheduler inMemory() throws SchedulerException {
        var properties = new Properties();
        properties.setProperty("org.quartz.jobStore.class", "org.quartz.simpl.RAMJobStore");
        properties.setProperty("org.quartz.jobStore.misfireThreshold", "3600000");
        return new QuartzScheduler(Optional.empty(), properties, 1);
    }

    /// Those that come with it.
    private static String tables() throws IOException {
        var path = "org/quartz/impl/jdbcjobstore/tables_postgres.sql";
        try (var script = Job.class.getClassLoader().getResourceAsStream(path)) {
            if (script == null) {
                throw new IOException("Quartz comes without " + path);
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public String settings() {
        return "%s, %d threads, batches of %d triggers%s"
                .formatted(
                        pool.isPresent() ? "clustered JobStoreTX" : "RAMJobStore",
                        THREADS,
                        THREADS,
                        pool.isPresent() ? ", %d connections".formatted(THREADS + 3) : "");
    }

    @Override
    public void store(List<Instant> due) throws SchedulerException {
        var job = JobBuilder.newJob(Empty.class).withIdentity("empty").storeDurably().build();
        var triggers = new HashSet<Trigger>();
        for (int i = 0; i < due.size(); i++) {
            triggers.add(
                    TriggerBuilder.newTrigger()
                            .withIdentity("t" + i)
                            .forJob(job)
                            .startAt(Date.from(due.get(i)))
                            .withSchedule(
                                    SimpleScheduleBuilder.simpleSchedule()
                                            .withMisfireHandlingInstructionFireNow())
                            .build());
        }
        nodes.getFirst().scheduleJobs(Map.of(job, triggers), true);
    }

    @Override
    public void start() throws SchedulerException {
        for (var node : nodes) {
            node.start();
        }
    }

    @Override
    public boolean isSettled() throws SQLException {
        return pool.isEmpty()
                || Pool.count(pool.get(), "SELECT count(*) FROM qrtz_triggers") == 0
                        && Pool.count(pool.get(), "SELECT count(*) FROM qrtz_fired_triggers") == 0;
    }

    @Override
    public void close() throws SchedulerException {
        for (var node : nodes) {
            node.shutdown(true);
        }
        pool.ifPresent(HikariDataSource::close);
    }
}
