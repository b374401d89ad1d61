package carillon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import carillon.action.Nothing;
import carillon.ai.AdministratorModels;
import carillon.demo.Demo;
import carillon.egress.AllowList;
import carillon.egress.EgressSettings;
import carillon.run.Ledgers;
import carillon.run.RunQuery;
import carillon.run.RunState;
import carillon.run.Runs;
import carillon.schedule.Every;
import carillon.schedule.Timetable;
import carillon.store.StoreException;
import carillon.store.StoreSettings;
import carillon.store.TestPostgres;
import carillon.task.Policies;
import carillon.task.Task;
import carillon.task.TaskDefinition;
import carillon.task.Tasks;
import carillon.web.WebSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whole servers, as they are composed for use, on both databases.
final class ServerTest {
    private static final InstantSource TIME = InstantSource.system();

    @TempDir private Path folder;

    @Test
    void the_demo_adds_up_on_sqlite() throws InterruptedException {
        playDemo(new StoreSettings.Sqlite(folder));
    }

    @Test
    void the_demo_adds_up_on_postgresql() throws InterruptedException {
        playDemo(TestPostgres.newDatabase());
    }

    private void playDemo(StoreSettings store) throws InterruptedException {
        var told = new StringWriter();
        try (var server = start(store, "demo")) {
            var demo = new Demo(server.useCases(), new PrintWriter(told), TIME);
            var runs = server.useCases().runs();
            boolean right =
                    demo.run(
                            () ->
                                    Awaitility.await()
                                            .atMost(Duration.ofSeconds(60))
                                            .until(() -> succeeded(runs) >= 12));
            assertThat(right).as(told.toString()).isTrue();
            assertThat(told.toString())
                    .contains("The ledger adds up.")
                    .contains("SUCCEEDED")
                    .containsPattern("DELIVERED .* file to greetings/")
                    .containsPattern("DELIVERED .* webhook to http://127.0.0.1:");
        }
    }

    private static long succeeded(Runs runs) {
        return runs.count(
                new RunQuery(
                        Optional.empty(), Set.of(RunState.SUCCEEDED), OptionalLong.empty(), 0, 0));
    }

    @Test
    void a_second_server_on_the_same_folder_is_refused() {
        try (var _ = start(new StoreSettings.Sqlite(folder), "first")) {
            assertThatThrownBy(() -> start(new StoreSettings.Sqlite(folder), "second"))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("another Carillon uses the data directory");
        }
    }

    @Test
    void two_nodes_share_the_work_of_one_database_and_one_goes_on_alone() {
        var store = TestPostgres.newDatabase();
        var tasks = new ArrayList<Task>();
        try (var one = start(store, "one")) {
            try (var other = start(store, "two")) {
                for (int i = 0; i < 20; i++) {
                    var maker = i % 2 == 0 ? one : other;
                    tasks.add(create(maker.useCases().tasks()));
                }
                awaitSuccesses(one, 40);
            }
            awaitSuccesses(one, 100);
            tasks.forEach(task -> one.useCases().tasks().pause(task.id()));
            var end = TIME.instant();
            for (var task : tasks) {
                Awaitility.await()
                        .atMost(Duration.ofSeconds(20))
                        .until(() -> isExplained(one, task, end));
            }
        }
    }

    private static boolean isExplained(Server server, Task task, Instant end) {
        var balance = server.useCases().ledgers().balance(task.id(), task.createdAt(), end);
        return balance instanceof Ledgers.Balance.Struck(var ledger)
                && ledger.addsUp()
                && ledger.open() == 0;
    }

    private static void awaitSuccesses(Server server, int wanted) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> succeeded(server.useCases().runs()) >= wanted);
    }

    private static Task create(Tasks tasks) {
        var schedule = new Every(Duration.ofMillis(500), TIME.instant());
        var definition =
                new TaskDefinition(
                        "tick",
                        "",
                        Optional.of(Timetable.of(schedule)),
                        new Nothing(),
                        Policies.DEFAULT,
                        Map.of());
        var wanted = new Tasks.NewTask(tasks.newId(), "native", definition, false, "test");
        return ((Tasks.Created.Done) tasks.create(wanted)).task();
    }

    private Server start(StoreSettings store, String node) {
        var allow = AllowList.of(List.of("127.0.0.1"));
        return Server.start(
                new Server.Plan(
                        folder,
                        store,
                        WebSettings.loopback(),
                        new Server.Reach(
                                new EgressSettings(allow, Set.of(), 100, "Carillon test"),
                                AdministratorModels.NONE,
                                Optional.of(folder)),
                        Map.of(),
                        node,
                        ZoneOffset.UTC,
                        Server.Work.DEFAULT),
                TIME);
    }
}
