package carillon.dialect.crewai;

import carillon.json.Fields;
import carillon.json.Json;
import carillon.json.JsonException;
import carillon.json.Problems;
import carillon.web.Socket;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// The open sockets of this node, each with the workflows and agents that it wants to hear of.
final class Audience {
    private static final int MAX_SUBSCRIPTIONS = 1_000;
    private static final int MAX_TYPE = 100;

    private final Set<Client> clients = ConcurrentHashMap.newKeySet();

    /// For whom a socket is opened.
    Socket door() {
        return line -> {
            var client = new Client(line);
            clients.add(client);
            var hello = Json.object().put("type", "connection_established");
            hello.put("client_id", UUID.randomUUID().toString());
            line.send(Json.write(hello.put("message", "Connected")));
            return client;
        };
    }

    boolean isEmpty() {
        return clients.isEmpty();
    }

    /// Whether anybody wants to hear of the workflow, or of any agent.
    boolean caresFor(long workflow) {
        return clients.stream()
                .anyMatch(
                        client -> client.workflows.contains(workflow) || !client.agents.isEmpty());
    }

    void tellOfWorkflow(long workflow, ObjectNode frame) {
        var text = Json.write(frame);
        clients.stream()
                .filter(client -> client.workflows.contains(workflow))
                .forEach(client -> client.line.send(text));
    }

    /// Once to each who wants to hear of the workflow or of the agent; 0 is no agent.
    void tellOfTask(long workflow, long agent, ObjectNode frame) {
        var text = Json.write(frame);
        clients.stream()
                .filter(
                        client ->
                                client.workflows.contains(workflow)
                                        || client.agents.contains(agent))
                .forEach(client -> client.line.send(text));
    }

    /// One socket.
    private final class Client implements Socket.Listener {
        private final Socket.Line line;
        private final Set<Long> workflows = ConcurrentHashMap.newKeySet();
        private final Set<Long> agents = ConcurrentHashMap.newKeySet();

        private Client(Socket.Line line) {
            this.line = line;
        }

        @Override
        public void text(String text) {
            JsonNode message;
            try {
                message = Json.read(text);
            } catch (JsonException e) {
                error("The message is no JSON: " + e.getMessage());
                return;
            }
            var type = message.path("type").asText();
            switch (type) {
                case "ping" -> pong(message);
                case "subscribe_workflow" -> subscribe(message, "workflow", workflows, true);
                case "subscribe_agent" -> subscribe(message, "agent", agents, true);
                case "unsubscribe_workflow" -> subscribe(message, "workflow", workflows, false);
                case "unsubscribe_agent" -> subscribe(message, "agent", agents, false);
                default ->
                        error(
                                "Unknown message type: "
                                        + (type.length() > MAX_TYPE
                                                ? type.substring(0, MAX_TYPE) + "…"
                                                : type));
            }
        }

        private void pong(JsonNode ping) {
            var pong = Json.object().put("type", "pong");
            if (ping.has("timestamp")) {
                pong.set("timestamp", ping.get("timestamp"));
            }
            line.send(Json.write(pong));
        }

        private void subscribe(JsonNode message, String what, Set<Long> wanted, boolean add) {
            var problems = new Problems();
            var id =
                    Fields.of(message, "", problems)
                            .map(fields -> fields.wholeNumber(what + "_id", 1, Long.MAX_VALUE));
            if (id.isEmpty() || id.get().isEmpty()) {
                error(what + "_id must be an integer");
                return;
            }
            long number = id.get().getAsLong();
            if (add && wanted.size() >= MAX_SUBSCRIPTIONS) {
                error("There are " + MAX_SUBSCRIPTIONS + " subscriptions already");
                return;
            }
            boolean changed = add ? wanted.add(number) : wanted.remove(number);
            var done = add ? "subscribed" : "unsubscribed";
            var words = (add ? "Subscribed to " : "Unsubscribed from ") + what + " " + number;
            line.send(
                    Json.write(
                            Json.object()
                                    .put("type", done)
                                    .put(what + "_id", number)
                                    .put("message", changed ? words : words + " already")));
        }

        private void error(String message) {
            line.send(Json.write(Json.object().put("type", "error").put("message", message)));
        }

        @Override
        public void closed() {
            clients.remove(this);
        }
    }
}
