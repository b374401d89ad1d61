package carillon.cli;

import carillon.importer.Imports;
import carillon.importer.Imports.Kind;
import carillon.importer.Imports.Left;
import carillon.importer.Imports.Wanted;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Makes what is to be imported, where it is not there already: things are known by their names.
final class ImportRun {
    private final ServerCalls server;
    private final PrintWriter out;
    private final List<Left> left = new ArrayList<>();

    /// The names of prompts and models that could not be made.
    private final Set<String> missing = new HashSet<>();

    private int made;
    private int there;

    ImportRun(ServerCalls server, PrintWriter out) {
        this.server = server;
        this.out = out;
    }

    /// Returns what could not be made, line by line. Throws [ServerCallException] when the server
    /// cannot be asked.
    List<Left> make(Imports imports) throws InterruptedException {
        for (var wanted : imports.wanted()) {
            make(wanted);
        }
        out.printf("%d made, %d there already%n", made, there);
        return List.copyOf(left);
    }

    private void make(Wanted wanted) throws InterruptedException {
        var call = wanted.body().at("/action/prompt");
        for (var field : List.of("prompt", "model")) {
            var needed = call.path(field).asText("");
            if (missing.contains(needed)) {
                leave(wanted, "'" + needed + "' could not be made");
                return;
            }
        }
        if (isThere(wanted)) {
            there++;
            tell(wanted, "there already");
            return;
        }
        var said = server.post(wanted.kind().path(), wanted.body());
        if (said.status() == 201) {
            made++;
            tell(wanted, "made");
            return;
        }
        if (wanted.kind() != Kind.TASK) {
            missing.add(wanted.name());
        }
        leave(wanted, said.reason());
    }

    private void leave(Wanted wanted, String reason) {
        left.add(new Left(wanted.line(), wanted.kind().word() + " " + wanted.name(), reason));
    }

    private void tell(Wanted wanted, String what) {
        out.printf(
                "line %d: %s %s: %s%n", wanted.line(), wanted.kind().word(), wanted.name(), what);
    }

    private boolean isThere(Wanted wanted) throws InterruptedException {
        var name = URLEncoder.encode(wanted.name(), StandardCharsets.UTF_8);
        return switch (wanted.kind()) {
            case MODEL, PROMPT ->
                    found(server.get(wanted.kind().path() + "/" + name.replace("+", "%20")));
            case TASK -> isInList(server.get("tasks?limit=100&q=" + name), wanted.name());
        };
    }

    private static boolean found(ServerCalls.Said said) {
        return switch (said.status()) {
            case 200 -> true;
            case 404 -> false;
            default -> throw new ServerCallException(said.reason());
        };
    }

    private static boolean isInList(ServerCalls.Said said, String name) {
        if (said.status() != 200 || said.body().isEmpty()) {
            throw new ServerCallException(said.reason());
        }
        for (var task : said.body().get().path("data")) {
            if (task.path("name").asText().equals(name)) {
                return true;
            }
        }
        return false;
    }
}
