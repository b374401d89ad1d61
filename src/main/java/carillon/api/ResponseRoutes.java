package carillon.api;

import carillon.json.Json;
import carillon.response.Response;
import carillon.response.ResponseQuery;
import carillon.response.ResponseStore;
import carillon.response.Search;
import carillon.run.ModelAnswer;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Refusal;
import carillon.web.Route;
import carillon.web.Route.Method;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/// `/responses`: what models said.
public final class ResponseRoutes {
    private static final String RESPONSES = "/api/v1/responses";

    private final ResponseStore responses;

    public ResponseRoutes(ResponseStore responses) {
        this.responses = responses;
    }

    public List<Route> routes() {
        return List.of(
                new Route(Method.GET, RESPONSES, Permission.VIEW, this::list),
                new Route(Method.GET, RESPONSES + "/{id}", Permission.VIEW, this::find));
    }

    private Answer list(Call call) {
        int limit = Parameters.limit(call);
        var query =
                new ResponseQuery(
                        Parameters.taskIdQuery(call, "task_id"),
                        call.query("model").filter(text -> !text.isBlank()),
                        search(call),
                        Parameters.instant(call, "from"),
                        Parameters.instant(call, "to"),
                        Parameters.cursor(call),
                        limit + 1);
        return Answer.ok(
                Page.of(responses.list(query), limit, Response::id, ResponseRoutes::inList));
    }

    private static Optional<Search> search(Call call) {
        var text = call.query("q").filter(given -> !given.isBlank());
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (text.get().length() > Search.MAX_LENGTH) {
            throw Refused.invalid("q", "must have at most " + Search.MAX_LENGTH + " characters");
        }
        var search = Search.read(text.get());
        if (search.isEmpty()) {
            throw Refused.invalid("q", "must have a word: a letter or a digit at least");
        }
        return search;
    }

    private Answer find(Call call) {
        var wanted = call.path("id");
        return Parameters.id(wanted)
                .flatMap(responses::find)
                .map(response -> Answer.ok(whole(response)))
                .orElseThrow(
                        () ->
                                Refused.of(
                                        Refusal.Kind.NOT_FOUND,
                                        "there is no response " + Parameters.shown(wanted)));
    }

    private static ObjectNode inList(Response response) {
        return view(response, "excerpt");
    }

    private static ObjectNode whole(Response response) {
        return view(response, "text");
    }

    /// `text` is the name of the field that holds what there is of the text.
    private static ObjectNode view(Response response, String text) {
        var answer = response.answer();
        var view =
                Json.object()
                        .put("id", response.id())
                        .put("run_id", response.run().value())
                        .put("attempt", response.attempt())
                        .put("task_id", response.task().value())
                        .put("state", answer.state().name())
                        .put("model", answer.source().model())
                        .put("provider_model", answer.source().providerModel())
                        .putNull("prompt");
        answer.source().prompt().ifPresent(prompt -> put(view.putObject("prompt"), prompt));
        SpendingView.put(view, answer.spending());
        return view.put("latency_ms", answer.latency().toMillis())
                .put("created_at", response.createdAt().toString())
                .put(text, answer.text());
    }

    private static void put(ObjectNode view, ModelAnswer.Rendered prompt) {
        view.put("id", prompt.prompt()).put("version", prompt.version());
    }
}
