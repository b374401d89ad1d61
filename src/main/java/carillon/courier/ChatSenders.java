package carillon.courier;

import carillon.json.Json;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.Map;

/// Senders for the incoming webhooks of chats.
final class ChatSenders {
    /// What Slack and Teams show of one message, with room for the JSON around it.
    private static final int MAX_SLACK = 39_000;

    private static final int MAX_TEAMS = 20_000;

    private static final Map<String, String> HEADERS = Map.of("Content-Type", "application/json");

    private ChatSenders() {}

    static Sender slack(Posting posting) {
        return parcel -> {
            var text = Parcel.cut(parcel.text(ChatSenders::escapeForSlack), MAX_SLACK);
            var message = Json.object().put("text", text);
            return posting.post(url(parcel), HEADERS, Json.write(message));
        };
    }

    /// As Slack asks for it; so an output cannot mention everybody, nor dress up a link.
    private static String escapeForSlack(String value) {
        return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    static Sender teams(Posting posting) {
        return parcel -> {
            var text = Parcel.cut(parcel.text(), MAX_TEAMS);
            return posting.post(url(parcel), HEADERS, Json.write(card(text)));
        };
    }

    /// A message with one adaptive card, as workflows of Teams take it.
    private static ObjectNode card(String text) {
        var message = Json.object().put("type", "message");
        var attachment = message.putArray("attachments").addObject();
        attachment.put("contentType", "application/vnd.microsoft.card.adaptive");
        attachment.putNull("contentUrl");
        var card = attachment.putObject("content");
        card.put("$schema", "http://adaptivecards.io/schemas/adaptive-card.json")
                .put("type", "AdaptiveCard")
                .put("version", "1.4");
        card.putArray("body")
                .addObject()
                .put("type", "TextBlock")
                .put("text", text)
                .put("wrap", true);
        return message;
    }

    private static URI url(Parcel parcel) {
        return URI.create(parcel.config("url"));
    }
}
