package carillon.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import carillon.Server;
import carillon.egress.AllowList;
import carillon.egress.EgressSettings;
import carillon.store.StoreSettings;
import carillon.web.WebSettings;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The dialects in the server as it is composed for use.
final class WholeServerTest {
    @Test
    void the_dialects_are_served_and_chronos_stamps_its_requests(@TempDir Path folder)
            throws Exception {
        var allow = AllowList.of(List.of("127.0.0.1"));
        var plan =
                new Server.Plan(
                        folder,
                        new StoreSettings.Sqlite(folder),
                        WebSettings.loopback(),
                        Server.Reach.of(new EgressSettings(allow, Set.of(), 10, "Carillon test")),
                        Map.of(),
                        "node-1",
                        ZoneId.of("UTC"),
                        Server.Work.DEFAULT);
        try (var receiver = new Receiver();
                var server = Server.start(plan, InstantSource.system())) {
            var root =
                    new Client(
                            HttpClient.newHttpClient(),
                            "http://127.0.0.1:" + server.port(),
                            Optional.empty());
            var body =
                    """
                    {"name": "n", "schedule": "@daily", "webhook": {"url": "%s"}}
                    """
                            .formatted(receiver.url("/whole/200"));
            var jobs = "/chronos/api/v1/jobs";
            var job = root.post(jobs, body).at("/data/id").asText();
            var execution = root.post(jobs + "/" + job + "/trigger");

            assertThat(execution.at("/data/status").asText())
                    .as(execution.text())
                    .isEqualTo("success");
            assertThat(receiver.hits("whole").getFirst().headers())
                    .containsEntry("x-chronos-job-id", job);
            assertThat(root.get("/chronos/api/v1/cluster/status").at("/data/is_leader").asBoolean())
                    .isTrue();
            var a1base = root.withKey(server.freshKey().orElseThrow());
            var seen = a1base.get("/a1base/v1/cron-jobs").at("/data/0");
            assertThat(seen.get("custom_schedule").asText()).isEqualTo("@daily");
            assertThat(seen.get("status").asText()).isEqualTo("paused");
            var task = "{\"id\": \"t\", \"prompt\": \"x\", \"model\": \"echo\"}";
            var tasks = "/gpt-task-runner/api/v1/tasks";
            assertThat(a1base.post(tasks, task).status()).isEqualTo(201);
            await().until(() -> a1base.get(tasks + "/t").at("/data/result/usage").isObject());
        }
    }
}
