package carillon.dialect.gptrunner;

import static carillon.web.Permission.VIEW;
import static carillon.web.Route.Method.GET;

import carillon.json.Json;
import carillon.oneshot.OneShotQuery;
import carillon.run.RunState;
import carillon.task.Tasks;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Refusal;
import carillon.web.RefusedException;
import carillon.web.Route;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/// How the server and the services that it depends on are doing.
final class StatusRoutes {
    private static final String HEALTHY = "healthy";
    private static final String UNHEALTHY = "unhealthy";
    private static final String DATABASE = "database";
    private static final String OPENAI = "openai";
    private static final String SCHEDULER = "scheduler";

    /// A name that stands for OpenAI's models where any are granted.
    private static final String ANY_MODEL = TaskRequest.DEFAULT_MODEL;

    private static final double NANOS_PER_SECOND = 1e9;

    private final GptRunnerApi.Parts parts;
    private final Envelope envelope;

    StatusRoutes(GptRunnerApi.Parts parts, Envelope envelope) {
        this.parts = parts;
        this.envelope = envelope;
    }

    List<Route> routes() {
        var status = GptRunnerApi.ROOT + "/status";
        return List.of(
                new Route(GET, status, VIEW, this::all),
                new Route(GET, status + "/services/{service}", VIEW, this::one));
    }

    private Answer all(Call call) {
        var now = parts.time().instant();
        var database = database().get("status").asText();
        var scheduler = scheduler().get("status").asText();
        boolean well = database.equals(HEALTHY) && scheduler.equals(HEALTHY);
        var out =
                Json.object()
                        .put("status", well ? HEALTHY : UNHEALTHY)
                        .put("version", parts.node().version())
                        .put("uptime", Duration.between(parts.node().startedAt(), now).toSeconds());
        out.putObject("services")
                .put(DATABASE, database)
                .put(OPENAI, isConfigured() ? HEALTHY : "not configured")
                .put(SCHEDULER, scheduler);
        return envelope.ok(out.put("lastHealthCheck", Codec.time(now)));
    }

    private Answer one(Call call) {
        return switch (call.path("service")) {
            case DATABASE -> envelope.ok(database());
            case OPENAI -> envelope.ok(openai());
            case SCHEDULER -> envelope.ok(scheduler());
            case String other ->
                    throw new RefusedException(
                            Refusal.of(
                                    Refusal.Kind.NOT_FOUND,
                                    "There is no service "
                                            + TaskRoutes.shown(other)
                                            + ": there are database, openai and scheduler"));
        };
    }

    private static ObjectNode service(String name, String status) {
        return Json.object().put("service", name).put("status", status);
    }

    /// A database that does not answer is a refusal of its own.
    private ObjectNode database() {
        var begun = parts.time().instant();
        parts.runs().running();
        var took = Duration.between(begun, parts.time().instant());
        var out = service(DATABASE, HEALTHY);
        out.putObject("details")
                .put("connectionCount", parts.node().gauges().databaseConnections().getAsInt())
                .put("queryTime", took.toNanos() / NANOS_PER_SECOND)
                .putNull("lastError");
        return out;
    }

    private boolean isConfigured() {
        return parts.models().find(ANY_MODEL).isPresent();
    }

    /// With the reason of the newest task that failed.
    private ObjectNode openai() {
        var out = service(OPENAI, isConfigured() ? HEALTHY : "not configured");
        var details = out.putObject("details");
        lastError()
                .ifPresentOrElse(
                        error -> details.put("lastError", error),
                        () -> details.putNull("lastError"));
        return out;
    }

    private Optional<String> lastError() {
        var newest = OneShotQuery.newest(GptRunnerApi.NAME, 1);
        var failed =
                new OneShotQuery(
                        newest.api(),
                        EnumSet.of(RunState.FAILED),
                        newest.batch(),
                        newest.created(),
                        newest.order(),
                        0,
                        1);
        return parts.oneShots().list(failed).stream()
                .flatMap(shown -> shown.run().stream())
                .map(run -> run.progress().reason())
                .findFirst();
    }

    private ObjectNode scheduler() {
        boolean ready = parts.node().gauges().isReady().getAsBoolean();
        var out = service(SCHEDULER, ready ? HEALTHY : UNHEALTHY);
        var details = out.putObject("details").put("running", parts.runs().running());
        next(parts.tasks())
                .ifPresentOrElse(
                        at -> details.put("nextRun", at), () -> details.putNull("nextRun"));
        if (ready) {
            details.putNull("lastError");
        } else {
            details.put("lastError", "this node is not part of the cluster now");
        }
        return out;
    }

    private static Optional<String> next(Tasks tasks) {
        return tasks.nextToRun(Optional.empty(), 1).stream()
                .flatMap(task -> task.nextRun().stream())
                .map(Codec::time)
                .findFirst();
    }
}
