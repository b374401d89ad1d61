package carillon.api;

import carillon.prompt.Fault;
import carillon.prompt.Prompt;
import carillon.prompt.PromptDiff;
import carillon.prompt.PromptQuery;
import carillon.prompt.PromptReference;
import carillon.prompt.PromptVersion;
import carillon.prompt.Prompts;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Refusal;
import carillon.web.Route;
import carillon.web.Route.Method;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// `/prompts` and what is below it.
public final class PromptRoutes {
    private static final String PROMPTS = "/api/v1/prompts";
    private static final String PROMPT = PROMPTS + "/{id}";

    private final Prompts prompts;
    private final PromptTrial trial;

    public PromptRoutes(Prompts prompts, PromptTrial trial) {
        this.prompts = prompts;
        this.trial = trial;
    }

    public List<Route> routes() {
        return List.of(
                new Route(Method.GET, PROMPTS, Permission.VIEW, this::list),
                new Route(Method.POST, PROMPTS, Permission.EDIT, this::create),
                new Route(Method.GET, PROMPT, Permission.VIEW, call -> shown(200, require(call))),
                new Route(Method.PUT, PROMPT, Permission.EDIT, this::update),
                new Route(Method.DELETE, PROMPT, Permission.EDIT, this::delete),
                new Route(Method.GET, PROMPT + "/versions", Permission.VIEW, this::versions),
                new Route(
                        Method.GET, PROMPT + "/versions/{version}", Permission.VIEW, this::version),
                new Route(
                        Method.POST,
                        PROMPT + "/rollback/{version}",
                        Permission.EDIT,
                        this::rollback),
                new Route(Method.GET, PROMPT + "/diff", Permission.VIEW, this::diff),
                new Route(
                        Method.POST,
                        PROMPT + "/test",
                        Permission.OPERATE,
                        call -> Answer.ok(trial.of(require(call), call))));
    }

    private Answer list(Call call) {
        int limit = Parameters.limit(call);
        var query =
                new PromptQuery(
                        given(call, "q"),
                        given(call, "category"),
                        given(call, "tag"),
                        Parameters.cursor(call),
                        limit + 1);
        return Answer.ok(
                Page.of(prompts.list(query), limit, prompt -> prompt.id().value(), PromptView::of));
    }

    private static Optional<String> given(Call call, String name) {
        return call.query(name).filter(text -> !text.isBlank());
    }

    private Answer create(Call call) {
        var definition = PromptRequest.read(call, Set.of());
        return switch (prompts.create(definition, call.caller())) {
            case Prompts.Created.Done(var prompt) ->
                    shown(201, prompt).withHeader("Location", PROMPTS + "/" + prompt.id());
            case Prompts.Created.NameTaken() -> throw nameTaken(definition.name());
            case Prompts.Created.Invalid(var faults) -> throw invalid(faults);
        };
    }

    private Prompt require(Call call) {
        return prompts.find(PromptReference.of(call.path("id"))).orElseThrow(() -> gone(call));
    }

    private static RuntimeException gone(Call call) {
        return Refused.of(
                Refusal.Kind.NOT_FOUND,
                "there is no prompt '" + Parameters.shown(call.path("id")) + "'");
    }

    private static Answer shown(int status, Prompt prompt) {
        return new Answer(
                status,
                PromptView.of(prompt),
                Answer.JSON,
                Map.of("ETag", IfMatch.etag(prompt.version())));
    }

    private Answer update(Call call) {
        var before = require(call);
        var expected = expectedVersion(call, before);
        var definition = PromptRequest.read(call, PromptView.READ_ONLY);
        var changed = prompts.update(before.id(), definition, expected, call.caller());
        return changed(call, changed, definition.name());
    }

    private Answer rollback(Call call) {
        Parameters.requireEmptyBody(call);
        var before = require(call);
        var expected = expectedVersion(call, before);
        var wanted = requireVersion(call, before, call.path("version"));
        var changed = prompts.rollback(before.id(), wanted.version(), expected, call.caller());
        return changed(call, changed, wanted.definition().name());
    }

    private static Answer changed(Call call, Prompts.Changed changed, String name) {
        return switch (changed) {
            case Prompts.Changed.Done(var prompt) -> shown(200, prompt);
            case Prompts.Changed.NotFound(), Prompts.Changed.NoSuchVersion() -> throw gone(call);
            case Prompts.Changed.Conflict(int current) -> throw lostRace(current);
            case Prompts.Changed.NameTaken() -> throw nameTaken(name);
            case Prompts.Changed.Invalid(var faults) -> throw invalid(faults);
        };
    }

    /// The version that `If-Match` holds the prompt to (RFC 9110, 13.1.1).
    private static OptionalInt expectedVersion(Call call, Prompt prompt) {
        return IfMatch.version(call, prompt.version(), PromptRoutes::lostRace);
    }

    private static RuntimeException lostRace(int current) {
        return Refused.of(
                Refusal.Kind.PRECONDITION_FAILED,
                "the prompt has changed since: it is at version " + current);
    }

    private static RuntimeException nameTaken(String name) {
        return Refused.of(
                Refusal.Kind.CONFLICT, "there is another prompt with the name '" + name + "'");
    }

    private static RuntimeException invalid(List<Fault> faults) {
        return Refused.of(
                faults.stream()
                        .map(fault -> new Refusal.FieldFault(fault.field(), fault.message()))
                        .toList());
    }

    private Answer delete(Call call) {
        var prompt = require(call);
        var expected = expectedVersion(call, prompt);
        if (!prompts.delete(prompt.id(), expected)) {
            var now = prompts.find(new PromptReference.ById(prompt.id()));
            throw now.map(changed -> lostRace(changed.version())).orElseGet(() -> gone(call));
        }
        return Answer.ok(Map.of("id", prompt.id().value(), "deleted", true));
    }

    private Answer versions(Call call) {
        int limit = Parameters.limit(call);
        long before = Parameters.cursor(call).orElse(Long.MAX_VALUE);
        var found = prompts.versions(require(call).id(), before, limit + 1);
        return Answer.ok(Page.of(found, limit, PromptVersion::version, PromptView::of));
    }

    private Answer version(Call call) {
        return Answer.ok(PromptView.of(requireVersion(call, require(call), call.path("version"))));
    }

    private PromptVersion requireVersion(Call call, Prompt prompt, String text) {
        return versionNumber(text).stream()
                .mapToObj(number -> prompts.version(prompt.id(), number))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow(() -> noVersion(call, text));
    }

    private static OptionalInt versionNumber(String text) {
        return text.matches("[1-9][0-9]{0,8}")
                ? OptionalInt.of(Integer.parseInt(text))
                : OptionalInt.empty();
    }

    private static RuntimeException noVersion(Call call, String version) {
        return Refused.of(
                Refusal.Kind.NOT_FOUND,
                "there is no version %s of prompt '%s'"
                        .formatted(Parameters.shown(version), Parameters.shown(call.path("id"))));
    }

    /// By default, what the newest version changed.
    private Answer diff(Call call) {
        var prompt = require(call);
        int to = versionQuery(call, "to").orElse(prompt.version());
        int from = versionQuery(call, "from").orElse(Math.max(1, to - 1));
        return switch (prompts.diff(prompt.id(), from, to)) {
            case Prompts.Compared.Done(var diff) -> Answer.ok(PromptView.of(prompt, diff));
            case Prompts.Compared.NoSuchVersion(int version) ->
                    throw noVersion(call, Integer.toString(version));
            case Prompts.Compared.TooLong() ->
                    throw Refused.of(
                            Refusal.Kind.INVALID,
                            "texts of more than "
                                    + PromptDiff.MAX_LINES
                                    + " lines are not compared");
        };
    }

    private static OptionalInt versionQuery(Call call, String name) {
        var text = call.query(name);
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        var number = versionNumber(text.get());
        if (number.isEmpty()) {
            throw Refused.invalid(name, "must be the number of a version");
        }
        return number;
    }
}
