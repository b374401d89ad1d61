package carillon;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.egress.AllowList;
import carillon.egress.EgressSettings;
import carillon.store.StoreSettings;
import carillon.web.SelfMade;
import carillon.web.TlsFiles;
import carillon.web.WebSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HttpsServerTest {
    @TempDir private Path folder;

    @Test
    void a_running_server_takes_up_the_certificate_that_the_files_have_now() throws Exception {
        var files = new TlsFiles(folder.resolve("certificate.pem"), folder.resolve("key.pem"));
        var first = SelfMade.in(folder, "first", "EC");
        var second = SelfMade.in(folder, "second", "EC");
        first.write(files);
        try (var server = Server.start(plan(files), InstantSource.system())) {
            assertThat(SelfMade.shownAt(server.port())).isEqualTo(first.certificate());
            second.write(files);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(
                            () ->
                                    assertThat(SelfMade.shownAt(server.port()))
                                            .isEqualTo(second.certificate()));
        }
    }

    private Server.Plan plan(TlsFiles files) {
        var data = folder;
        return new Server.Plan(
                data,
                new StoreSettings.Sqlite(data),
                WebSettings.loopback().withTls(files),
                Server.Reach.of(
                        new EgressSettings(
                                AllowList.EMPTY,
                                Set.of(),
                                EgressSettings.DEFAULT_MAX_PER_TARGET,
                                "Carillon/test")),
                Map.of(),
                "node",
                ZoneOffset.UTC,
                Server.Work.DEFAULT);
    }
}
