package carillon.config;

import carillon.agent.ToolServer;
import carillon.json.Fields;
import carillon.json.Json;
import carillon.json.JsonException;
import carillon.json.Problems;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads the key `mcp`: servers of tools by their names, each `{command, args, env}` or `{url}`.
final class ToolSettings {
    private static final String MCP = "mcp";
    private static final int MAX_SERVERS = 50;
    private static final int MAX_ARGUMENTS = 100;
    private static final int MAX_LENGTH = 10_000;

    private ToolSettings() {}

    static List<ToolServer> read(Given given) {
        var node = given.node(MCP).map(ToolSettings::parsed);
        if (node.isEmpty()) {
            return List.of();
        }
        if (!(node.get() instanceof ObjectNode servers) || servers.size() > MAX_SERVERS) {
            given.problem(MCP, "must be a map of at most 50 servers, in the environment as JSON");
            return List.of();
        }
        var problems = new Problems();
        var read = new ArrayList<ToolServer>();
        for (var entry : servers.properties()) {
            var path = MCP + "." + entry.getKey();
            if (ToolServer.NAME.matcher(entry.getKey()).matches()) {
                Fields.of(entry.getValue(), path, problems)
                        .flatMap(ToolSettings::way)
                        .ifPresent(way -> read.add(new ToolServer(entry.getKey(), way)));
            } else {
                problems.add(path, "the name has 1 to 30 small letters, digits and '-'");
            }
        }
        problems.list().forEach(one -> given.problemAt(MCP, one.field(), one.message()));
        return read;
    }

    /// In the environment, the map is JSON.
    private static JsonNode parsed(JsonNode value) {
        if (!value.isTextual()) {
            return value;
        }
        try {
            return Json.read(value.textValue());
        } catch (JsonException _) {
            return value; // Which is no map.
        }
    }

    private static Optional<ToolServer.Way> way(Fields fields) {
        var command = fields.text("command", MAX_LENGTH);
        var url = fields.text("url", MAX_LENGTH);
        var arguments = new ArrayList<String>();
        for (var item : fields.array("args", MAX_ARGUMENTS).orElse(List.of())) {
            arguments.add(item.asText());
        }
        var environment =
                fields.texts("env", MAX_ARGUMENTS, MAX_LENGTH).orElse(Map.<String, String>of());
        fields.done();
        if (command.isPresent() == url.isPresent()) {
            fields.problem("must have either 'command' or 'url'");
            return Optional.empty();
        }
        return command.isPresent()
                ? command.map(
                        program -> new ToolServer.Way.Command(program, arguments, environment))
                : remote(fields, url.orElseThrow());
    }

    private static Optional<ToolServer.Way> remote(Fields fields, String text) {
        try {
            var url = URI.create(text);
            if (List.of("http", "https").contains(String.valueOf(url.getScheme()))
                    && url.getHost() != null) {
                return Optional.of(new ToolServer.Way.Remote(url));
            }
        } catch (IllegalArgumentException _) {
            // Told below.
        }
        fields.problem("url", "must be an http or https URL with a host");
        return Optional.empty();
    }
}
