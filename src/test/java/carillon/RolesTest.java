package carillon;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.auth.Role;
import carillon.egress.AllowList;
import carillon.egress.EgressSettings;
import carillon.json.Json;
import carillon.store.StoreSettings;
import carillon.web.Api;
import carillon.web.Permission;
import carillon.web.Route;
import carillon.web.WebSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Every route of every API with every role, over real HTTP, against the server as it is composed.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
final class RolesTest {
    /// With a user, Chronos asks for credentials too.
    private static final Map<String, String> USERS =
            Map.of("grace", "$2b$05$abcdefghijklmnopqrstuuto9TfiXPqFaPFSnWZR02c4ScFTB3OSG");

    /// Routes that take a body and change nothing, or nothing but who asks.
    private static final Set<String> READING_POSTS =
            Set.of(
                    "/api/v1/schedules/preview",
                    "/api/v1/tasks/forecast",
                    "/sign-in",
                    "/tasks/preview",
                    "/sign-out");

    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<Role, String> keys = new EnumMap<>(Role.class);
    private Server server;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        var egress = new EgressSettings(AllowList.of(List.of()), Set.of(), 10, "Carillon test");
        var plan =
                new Server.Plan(
                        folder,
                        new StoreSettings.Sqlite(folder),
                        WebSettings.loopback(),
                        Server.Reach.of(egress),
                        USERS,
                        "node-1",
                        ZoneId.of("UTC"),
                        Server.Work.DEFAULT);
        server = Server.start(plan, InstantSource.system());
        var admin = server.freshKey().orElseThrow();
        for (var role : Role.values()) {
            keys.put(role, key(admin, role));
        }
    }

    private String key(String admin, Role role) throws IOException, InterruptedException {
        var body =
                "{\"name\":\"%s\",\"role\":\"%s\"}"
                        .formatted(role, role.name().toLowerCase(Locale.ROOT));
        var request =
                request("/api/v1/keys", Optional.of(admin))
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        var answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return Json.read(answer.body()).path("key").asText();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private HttpRequest.Builder request(String path, Optional<String> key) {
        var request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
        key.ifPresent(text -> request.header("Authorization", "Bearer " + text));
        return request;
    }

    private int status(Api api, Route route, Optional<String> key)
            throws IOException, InterruptedException {
        var path = api.prefix() + route.path().replaceAll("\\{[^}]+\\}", "1");
        var request =
                request(path, key)
                        .method(route.method().name(), HttpRequest.BodyPublishers.noBody());
        var answer = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        answer.body().close();
        return answer.statusCode();
    }

    @Test
    void every_route_lets_in_the_roles_that_it_names_and_no_other() throws Exception {
        var wrong = new ArrayList<String>();
        int checked = 0;
        for (var api : server.apis()) {
            for (var route : api.routes()) {
                var needed = route.permission();
                checked++;
                check(api, route, Optional.empty(), needed == Permission.NONE ? 0 : 401, wrong);
                for (var role : Role.values()) {
                    boolean may = role.permission().compareTo(needed) >= 0;
                    check(api, route, Optional.of(role), may ? 0 : 403, wrong);
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(checked).isGreaterThan(45); // Or the matrix has become empty.
    }

    /// `expected` is the refusal that must come, or 0 when none of the two may.
    private void check(Api api, Route route, Optional<Role> role, int expected, List<String> wrong)
            throws IOException, InterruptedException {
        int status = status(api, route, role.map(keys::get));
        boolean refused = status == 401 || status == 403;
        if (refused ? status != expected : expected != 0) {
            wrong.add(
                    "%s %s%s as %s: %d"
                            .formatted(
                                    route.method(),
                                    api.prefix(),
                                    route.path(),
                                    role.map(Role::name).orElse("nobody"),
                                    status));
        }
    }

    private static boolean isForAdministrators(String path) {
        return path.matches("(/api/v1)?/(keys|audit)(/.*)?");
    }

    @Test
    void what_changes_something_takes_more_than_the_right_to_view() {
        for (var api : server.apis()) {
            for (var route : api.routes()) {
                boolean reads =
                        route.method() == Route.Method.GET || READING_POSTS.contains(route.path());
                assertThat(route.permission().compareTo(Permission.OPERATE) < 0)
                        .as(route.method() + " " + api.prefix() + route.path())
                        .isEqualTo(reads && !isForAdministrators(route.path()));
            }
        }
    }
}
