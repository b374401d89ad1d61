package carillon.console;

import carillon.json.Json;
import carillon.json.Problems;
import carillon.json.WebhookJson;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Route;
import carillon.web.Route.Method;
import carillon.webhook.Subscription;
import carillon.webhook.Webhooks;
import java.util.List;

/// Writing webhooks: new ones, changes, new secrets, and deleting. A definition is written as the
/// native API takes it. Only who may change one sees its whole URL, which can hold a secret; a
/// secret that is made here is shown on the page that answers its making, and on no other.
final class WebhookEditorRoutes {
    private static final String ACTIVE = "active";
    private static final String EXAMPLE =
            """
            {
              "url": "https://hooks.example.com/carillon",
              "description": "Tells the chat room",
              "events": ["task.completed", "task.failed"],
              "active": true
            }
            """;
    private static final DefinitionView.Place NEW =
            DefinitionView.Place.of("New webhook", WebhookRoutes.WEBHOOKS, 0);

    private final Webhooks webhooks;

    WebhookEditorRoutes(Webhooks webhooks) {
        this.webhooks = webhooks;
    }

    List<Route> routes() {
        var all = WebhookRoutes.WEBHOOKS;
        var one = WebhookRoutes.WEBHOOK;
        return List.of(
                new Route(Method.GET, all + "/new", Permission.VIEW, this::begin),
                new Route(Method.POST, all, Permission.EDIT, this::create),
                new Route(Method.GET, one + "/edit", Permission.VIEW, this::edit),
                new Route(Method.POST, one, Permission.EDIT, this::update),
                new Route(Method.POST, one + "/rotate", Permission.EDIT, this::rotate),
                new Route(Method.POST, one + "/delete", Permission.EDIT, this::delete));
    }

    private Answer begin(Call call) {
        return Definitions.page(200, call, NEW, EXAMPLE, List.of());
    }

    private Answer edit(Call call) {
        var webhook = WebhookRoutes.require(webhooks, call);
        var terms = webhook.terms();
        var url = call.may(Permission.EDIT) ? terms.url().toString() : terms.target();
        return Definitions.page(200, call, place(webhook), text(webhook, url), List.of());
    }

    private static DefinitionView.Place place(Subscription webhook) {
        return DefinitionView.Place.deletable(
                "Edit webhook " + webhook.terms().target(),
                WebhookRoutes.path(webhook.id()),
                0,
                "Its deliveries go with it, those included that wait for their next try.");
    }

    /// Without the secret, which stays as it is where none is sent.
    private static String text(Subscription webhook, String url) {
        var terms = webhook.terms();
        var out = Json.object().put("url", url);
        out.put("description", terms.description());
        var events = out.putArray("events");
        terms.events().forEach(event -> events.add(event.word()));
        return out.put(ACTIVE, webhook.standing().active()).toPrettyString();
    }

    private Answer create(Call call) {
        var text = EditorRoutes.text(call);
        var problems = new Problems();
        var wanted =
                Definitions.read(
                        text, problems, json -> WebhookJson.create(json, ACTIVE, problems));
        if (wanted.isEmpty()) {
            return Definitions.page(400, call, NEW, text, Definitions.words(problems));
        }
        var own = wanted.get().secret();
        var secret = own.orElseGet(webhooks::newSecret);
        boolean active = wanted.get().active().orElse(true);
        var made = webhooks.create(ConsoleApi.NAME, wanted.get().terms(), secret, active);
        if (made.isEmpty()) {
            var full = List.of("There are " + Webhooks.MAX + " webhooks already.");
            return Definitions.page(409, call, NEW, text, full);
        }
        return own.isPresent()
                ? Pages.seeOther(WebhookRoutes.path(made.get().id()))
                : shown(201, call, made.get(), secret);
    }

    /// The old secret signs too, for a while.
    private Answer rotate(Call call) {
        var id = WebhookRoutes.require(webhooks, call).id();
        var secret = webhooks.newSecret();
        return webhooks.rotate(id, secret, Webhooks.DEFAULT_OVERLAP)
                .map(webhook -> shown(200, call, webhook, secret))
                .orElseThrow(() -> Inputs.none("webhook"));
    }

    private static Answer shown(int status, Call call, Subscription webhook, String secret) {
        var target = webhook.terms().target();
        var path = ConsoleApi.PREFIX + WebhookRoutes.path(webhook.id());
        var view = new SecretView(target, path, secret);
        return Pages.page(status, call, "Webhook " + target, "secret.jte", view);
    }

    private Answer update(Call call) {
        var text = EditorRoutes.text(call);
        var before = WebhookRoutes.require(webhooks, call);
        var problems = new Problems();
        var wanted =
                Definitions.read(
                        text, problems, json -> WebhookJson.change(json, ACTIVE, before, problems));
        if (wanted.isEmpty()) {
            return Definitions.page(400, call, place(before), text, Definitions.words(problems));
        }
        return webhooks.change(before.id(), wanted.get()::change)
                .map(after -> Pages.seeOther(WebhookRoutes.path(after.id())))
                .orElseThrow(() -> Inputs.none("webhook"));
    }

    private Answer delete(Call call) {
        if (!webhooks.delete(WebhookRoutes.require(webhooks, call).id())) {
            throw Inputs.none("webhook");
        }
        return Pages.seeOther(WebhookRoutes.WEBHOOKS);
    }
}
