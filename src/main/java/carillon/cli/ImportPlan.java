package carillon.cli;

import carillon.importer.Imports;
import carillon.importer.Imports.Kind;
import carillon.json.Json;
import carillon.json.Problems;
import carillon.json.ReadContext;
import carillon.json.TaskJson;
import carillon.task.TaskId;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;

/// What an import would make, as native JSON with secrets masked.
final class ImportPlan {
    private ImportPlan() {}

    static String of(Imports imports) {
        var plan = Json.object();
        for (var kind : Kind.values()) {
            var array = plan.putArray(kind.path());
            imports.wanted().stream()
                    .filter(wanted -> wanted.kind() == kind)
                    .map(wanted -> masked(kind, wanted.body()))
                    .forEach(array::add);
        }
        var left = plan.putArray("not_imported");
        imports.left()
                .forEach(
                        one ->
                                left.addObject()
                                        .put("line", one.line())
                                        .put("text", one.text())
                                        .put("reason", one.reason()));
        var notes = plan.putArray("notes");
        imports.notes()
                .forEach(
                        note ->
                                notes.addObject()
                                        .put("line", note.line())
                                        .put("message", note.message()));
        return new ObjectMapper().valueToTree(plan).toPrettyString();
    }

    private static ObjectNode masked(Kind kind, ObjectNode body) {
        if (kind != Kind.TASK || !body.at("/action/http").isObject()) {
            return body;
        }
        var context = ReadContext.sent(new TaskId(1), Instant.EPOCH, ZoneOffset.UTC);
        var shown = body.deepCopy();
        TaskJson.read(body, context, new Problems())
                .map(TaskJson::shown)
                .ifPresent(all -> shown.set("action", all.path("action")));
        return shown;
    }
}
