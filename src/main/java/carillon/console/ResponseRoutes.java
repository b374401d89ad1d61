package carillon.console;

import carillon.response.Response;
import carillon.response.ResponseQuery;
import carillon.response.ResponseStore;
import carillon.response.Search;
import carillon.run.ModelAnswer;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Route;
import carillon.web.Route.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// What models have said: searched, and each whole.
final class ResponseRoutes {
    private static final String RESPONSES = "/responses";
    private static final int ROWS = 25;

    private final ResponseStore responses;

    ResponseRoutes(ResponseStore responses) {
        this.responses = responses;
    }

    List<Route> routes() {
        return List.of(
                new Route(Method.GET, RESPONSES, Permission.VIEW, this::list),
                new Route(Method.GET, RESPONSES + "/{id}", Permission.VIEW, this::find));
    }

    private Answer list(Call call) {
        var text = Inputs.text(call, "q", Search.MAX_LENGTH);
        var model = Inputs.text(call, "model", Search.MAX_LENGTH);
        var query =
                new ResponseQuery(
                        Optional.empty(),
                        Optional.of(model).filter(name -> !name.isEmpty()),
                        Search.read(text),
                        Optional.empty(),
                        Optional.empty(),
                        Inputs.before(call),
                        ROWS + 1);
        var found = responses.list(query);
        var shown = found.subList(0, Math.min(ROWS, found.size()));
        var older =
                found.size() > ROWS ? OptionalLong.of(shown.getLast().id()) : OptionalLong.empty();
        var rows = shown.stream().map(ResponseRoutes::row).toList();
        var view = new ResponseListView(text, model, rows, older);
        return Pages.page(call, "Responses", "responses.jte", view);
    }

    private static ResponseListView.ResponseRow row(Response response) {
        return new ResponseListView.ResponseRow(
                response.id(),
                response.run().value(),
                Words.time(response.createdAt()),
                response.answer().source().model(),
                Words.brief(response.answer().text()));
    }

    private Answer find(Call call) {
        var response =
                Inputs.id(call.path("id"))
                        .flatMap(responses::find)
                        .orElseThrow(() -> Inputs.none("response"));
        var view = new ResponseView(facts(response), response.answer().text());
        return Pages.page(call, "Response " + response.id(), "response.jte", view);
    }

    private static List<Fact> facts(Response response) {
        var answer = response.answer();
        var source = answer.source();
        var run = Optional.of(ConsoleApi.PREFIX + RunRoutes.path(response.run()));
        var facts = new ArrayList<Fact>();
        facts.add(new Fact("Run", response.run() + ", attempt " + response.attempt(), run));
        facts.add(Fact.of("At", response.createdAt().toString()));
        facts.add(Fact.of("Model", source.model() + " (" + source.providerModel() + ")"));
        source.prompt()
                .ifPresent(
                        prompt ->
                                facts.add(
                                        Fact.of(
                                                "Prompt",
                                                prompt.prompt()
                                                        + ", version "
                                                        + prompt.version())));
        facts.add(Fact.of("Took", Words.duration(answer.latency())));
        RunFacts.addSpending(facts, answer.spending());
        if (answer.state() != ModelAnswer.State.WHOLE) {
            facts.add(Fact.of("State", answer.state().name()));
        }
        return facts;
    }
}
