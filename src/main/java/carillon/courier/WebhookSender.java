package carillon.courier;

import carillon.json.Json;
import carillon.json.JsonException;
import carillon.outbox.Carried;
import carillon.perform.Signature;
import carillon.processor.Facts;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.net.URI;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/// Posts an event in JSON, or what the task's template makes, as Standard Webhooks says.
final class WebhookSender implements Sender {
    private static final String JSON = "application/json";

    private final Posting posting;
    private final InstantSource time;

    WebhookSender(Posting posting, InstantSource time) {
        this.posting = posting;
        this.time = time;
    }

    @Override
    public Carried send(Parcel parcel) throws InterruptedException {
        var template = parcel.ownTemplate();
        boolean json = template.isEmpty() || looksLikeJson(template.get());
        var body =
                template.isEmpty()
                        ? Json.write(event(parcel))
                        : parcel.text(
                                json ? WebhookSender::insideString : UnaryOperator.identity());
        if (json && template.isPresent() && !isJson(body)) {
            return new Carried.Refused("the template made no JSON");
        }
        return posting.post(
                URI.create(parcel.config("url")),
                headers(parcel, body, json ? JSON : "text/plain; charset=utf-8"),
                body);
    }

    private Map<String, String> headers(Parcel parcel, String body, String type) {
        var now = time.instant();
        var headers = new LinkedHashMap<String, String>();
        headers.put("Content-Type", type);
        headers.put("X-Carillon-Task-Id", parcel.facts().get(Facts.TASK_ID));
        headers.put("X-Carillon-Run-Id", parcel.facts().get(Facts.RUN_ID));
        headers.put("webhook-id", parcel.id());
        headers.put("webhook-timestamp", Long.toString(now.getEpochSecond()));
        parcel.optionalConfig("secret")
                .ifPresent(
                        secret ->
                                headers.put(
                                        "webhook-signature",
                                        Signature.of(parcel.id(), now, body, secret)));
        return headers;
    }

    private static ObjectNode event(Parcel parcel) {
        var facts = parcel.facts();
        var event =
                Json.object()
                        .put("type", "run.succeeded")
                        .put("timestamp", parcel.delivery().progress().createdAt().toString());
        var data =
                event.putObject("data")
                        .put("task_id", Long.parseLong(facts.get(Facts.TASK_ID)))
                        .put("task", facts.get(Facts.TASK))
                        .put("run_id", Long.parseLong(facts.get(Facts.RUN_ID)))
                        .put("trigger", facts.get(Facts.TRIGGER))
                        .put("fire_time", facts.get(Facts.FIRE_TIME));
        put(data, Facts.MODEL, facts.get(Facts.MODEL));
        var status = facts.get(Facts.STATUS_CODE);
        if (status.isEmpty()) {
            data.putNull(Facts.STATUS_CODE);
        } else {
            data.put(Facts.STATUS_CODE, Integer.parseInt(status));
        }
        data.put(Facts.RESPONSE, facts.get(Facts.RESPONSE));
        return event;
    }

    private static void put(ObjectNode data, String name, String text) {
        if (text.isEmpty()) {
            data.putNull(name);
        } else {
            data.put(name, text);
        }
    }

    private static boolean looksLikeJson(String template) {
        var begin = template.stripLeading();
        return begin.startsWith("[") || (begin.startsWith("{") && !begin.startsWith("{{"));
    }

    /// A value as it stands between the quotation marks of a JSON string.
    private static String insideString(String value) {
        var quoted = Json.write(TextNode.valueOf(value));
        return quoted.substring(1, quoted.length() - 1);
    }

    private static boolean isJson(String body) {
        try {
            Json.read(body);
            return true;
        } catch (JsonException _) {
            return false;
        }
    }
}
