package carillon.engine;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.action.Nothing;
import carillon.cluster.Bulletin;
import carillon.cluster.Bulletin.Kind;
import carillon.cluster.Bulletin.Notice;
import carillon.json.TaskJson;
import carillon.run.Endings;
import carillon.run.Outcome;
import carillon.run.Output;
import carillon.run.RunId;
import carillon.run.Runs;
import carillon.run.Trigger;
import carillon.store.StoreSettings;
import carillon.store.Stores;
import carillon.task.Policies;
import carillon.task.TaskDefinition;
import carillon.task.TaskLists;
import carillon.task.Tasks;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a node tells others, and what it does when it is told.
final class NoticesTest {
    private static final InstantSource TIME = InstantSource.system();

    /// Keeps what is told, and tells what it is told to.
    private static final class Kept implements Bulletin {
        private final List<Notice> told = new ArrayList<>();
        private Consumer<Notice> reader = _ -> {};

        @Override
        public void tell(Notice notice) {
            told.add(notice);
        }

        @Override
        public void follow(Consumer<Notice> newReader) {
            reader = newReader;
        }

        @Override
        public void close() {}
    }

    @TempDir private Path folder;
    private final Kept bulletin = new Kept();
    private final Endings endings = new Endings();
    private final List<Runnable> attempts = new ArrayList<>();
    private Stores stores;
    private Clockwork clockwork;

    @BeforeEach
    void open() {
        stores =
                Stores.open(
                        new StoreSettings.Sqlite(folder), TaskJson.codec(), TaskLists.NONE, TIME);
        var engine =
                new Engine.Stores(
                        stores.slots(),
                        stores.leases(),
                        stores.runs(),
                        stores.events(),
                        stores.nodes());
        var means =
                new Means(
                        _ -> new Outcome.Succeeded(Output.NONE),
                        attempts::add,
                        TIME,
                        RandomGenerator.getDefault());
        var retention = new Pruner.Retention(Duration.ofDays(1), 100);
        clockwork = new Clockwork("node", engine, Engine.Limits.DEFAULT, retention, means, endings);
        clockwork.connect(bulletin);
        clockwork.membership().runOnce(TIME.instant());
    }

    @AfterEach
    void close() {
        stores.close();
    }

    private RunId queued() {
        var tasks = new Tasks(stores.tasks(), clockwork.planner(), TIME);
        var definition =
                new TaskDefinition(
                        "t", "", Optional.empty(), new Nothing(), Policies.DEFAULT, Map.of());
        var id = tasks.newId();
        tasks.create(new Tasks.NewTask(id, "native", definition, false, "me"));
        var runs =
                new Runs(
                        stores.tasks(),
                        stores.runs(),
                        stores.leases(),
                        clockwork.dispatcher(),
                        endings,
                        TIME);
        return runs.trigger(id, Trigger.API).orElseThrow().id();
    }

    @Test
    void only_what_cannot_be_done_here_is_told() {
        var here = queued();
        assertThat(bulletin.told).as("there was room").isEmpty();
        clockwork.dispatcher().cancelled(here);
        assertThat(bulletin.told).as("it was here").isEmpty();

        clockwork.dispatcher().cancelled(new RunId(7));
        clockwork.dispatcher().wake();
        assertThat(bulletin.told).containsExactly(new Notice(Kind.CANCELLED, 7, 0), Notice.DUE);
    }

    @Test
    void a_node_heeds_what_others_tell() throws InterruptedException {
        var here = queued();
        assertThat(clockwork.dispatcher().waiting()).isEqualTo(1);
        bulletin.reader.accept(new Notice(Kind.CANCELLED, here.value(), 0));
        assertThat(clockwork.dispatcher().waiting()).isZero();

        var claim = clockwork.signals().claim();
        claim.reset();
        bulletin.reader.accept(Notice.DUE);
        assertThat(claim.isFired()).isTrue();

        try (var hearing = endings.hear(new RunId(3))) {
            bulletin.reader.accept(new Notice(Kind.ENDED, 5, 3));
            bulletin.reader.accept(new Notice(Kind.ENDED, 6, 4));
            assertThat(hearing.take(Duration.ofSeconds(10))).containsExactly(new RunId(5));
        }
        assertThat(bulletin.told).isEmpty();
    }
}
