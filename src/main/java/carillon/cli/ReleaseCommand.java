package carillon.cli;

import carillon.json.HttpRules;
import carillon.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `carillon release`: lists what a held server would run, and lets it go. Exits with 1 when
/// nothing was held, with 2 when it could not be tried.
@Command(
        name = "release",
        description = "List what a held server would run; with --missed, let it go.",
        mixinStandardHelpOptions = true)
public final class ReleaseCommand implements Callable<Integer> {
    private static final int NOT_HELD = 1;
    private static final int NOT_TRIED = 2;
    private static final int OK = 200;
    private static final int CONFLICT = 409;
    private static final int LISTED = 100;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--missed",
            paramLabel = "skip|run",
            description =
                    "skip: fire times that have passed are skipped, and runs that had not ended are"
                            + " cancelled. run: tasks catch up as their misfire policies say.")
    private Optional<String> missed = Optional.empty();

    @Option(
            names = "--server",
            paramLabel = "URL",
            defaultValue = "${env:CARILLON_SERVER:-http://127.0.0.1:7700}",
            description = "The server; default: CARILLON_SERVER, or http://127.0.0.1:7700.")
    private String server = "";

    @Option(
            names = "--key",
            paramLabel = "KEY",
            defaultValue = "${env:CARILLON_KEY:-}",
            description = "An administrator's key; default: CARILLON_KEY.")
    private String key = "";

    @Override
    public Integer call() throws InterruptedException {
        var fault = HttpRules.urlFault(server);
        if (fault.isPresent()) {
            return refuse("--server " + fault.get());
        }
        if (key.isBlank()) {
            return refuse("a key is needed: give it with --key, or set CARILLON_KEY");
        }
        try (var calls = ServerCalls.to(URI.create(server), key.strip())) {
            return missed.isPresent() ? release(calls, missed.get()) : list(calls);
        } catch (ServerCallException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return NOT_TRIED;
        }
    }

    private int refuse(String reason) {
        spec.commandLine().getErr().println(reason);
        return NOT_TRIED;
    }

    private int release(ServerCalls calls, String word) throws InterruptedException {
        var said = calls.post("hold/release", Json.object().put("missed", word));
        if (said.status() == OK) {
            spec.commandLine().getOut().println("Released.");
            return 0;
        }
        refuse(said.reason());
        return said.status() == CONFLICT ? NOT_HELD : NOT_TRIED;
    }

    private int list(ServerCalls calls) throws InterruptedException {
        var said = calls.get("hold?limit=" + LISTED);
        if (said.status() != OK || said.body().isEmpty()) {
            return refuse(said.reason());
        }
        var hold = said.body().get();
        var out = spec.commandLine().getOut();
        if (!hold.path("held").asBoolean()) {
            out.println("Nothing is held.");
            return NOT_HELD;
        }
        out.printf(
                "Held since %s: %s%n", hold.path("since").asText(), hold.path("reason").asText());
        out.printf("%d runs had not ended%n", hold.path("open_runs").asLong());
        var overdue = hold.path("overdue");
        overdue.forEach(task -> out.println(line(task)));
        if (overdue.size() == LISTED) {
            out.println("There may be more tasks; these have waited longest.");
        }
        return 0;
    }

    private static String line(JsonNode task) {
        return "task %d %s: %s%d fire times have passed since %s, %d would run"
                .formatted(
                        task.path("task_id").asLong(),
                        task.path("name").asText(),
                        task.path("whole").asBoolean() ? "" : "at least ",
                        task.path("passed").asLong(),
                        task.path("first_at").asText(),
                        task.path("would_run").asLong());
    }
}
