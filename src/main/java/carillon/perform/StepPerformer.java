package carillon.perform;

import static java.util.Objects.requireNonNull;

import carillon.action.Action;
import carillon.action.AgentCall;
import carillon.action.Approval;
import carillon.action.BatchFile;
import carillon.action.HttpCall;
import carillon.action.Nothing;
import carillon.action.PromptCall;
import carillon.action.Question;
import carillon.action.TaskBatch;
import carillon.action.TaskCall;
import carillon.action.ToolCall;
import carillon.action.Wait;
import carillon.action.Workflow;
import carillon.json.Json;
import carillon.run.Lease;
import carillon.run.Outcome;
import carillon.run.Output;
import carillon.run.Performer;
import carillon.run.Run;
import carillon.run.RunEventStore;
import carillon.run.RunStore;
import carillon.task.TaskDefinition;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Performs the steps of workflows: gives each what it is to be given, and does by itself what has
/// only to do with time. Everything else is for others.
public final class StepPerformer implements Performer {
    /// Longer than anybody waits for an answer.
    private static final Duration FOR_EVER = Duration.ofDays(3650);

    private final Performer others;
    private final RunStore runs;
    private final RunEventStore events;
    private final InstantSource time;

    public StepPerformer(
            Performer others, RunStore runs, RunEventStore events, InstantSource time) {
        this.others = requireNonNull(others, "others");
        this.runs = requireNonNull(runs, "runs");
        this.events = requireNonNull(events, "events");
        this.time = requireNonNull(time, "time");
    }

    @Override
    public Outcome perform(Lease lease) throws InterruptedException {
        if (lease.run().occasion().step().isEmpty()) {
            return others.perform(lease);
        }
        var given = runs.input(lease.run().id()).map(Json::readObject).orElseGet(Json::object);
        if (!given.path("missing").isEmpty()) {
            var paths = given.path("missing").valueStream().map(JsonNode::asText).toList();
            return BatchOutcomes.failed("there is nothing to be given at " + words(paths));
        }
        var action = lease.definition().action();
        return switch (action) {
            case Wait(Wait.Time _) -> waited(given);
            case Wait(Wait.Event event) -> heard(event, lease.run(), given);
            case Approval _ -> undecided(given);
            case Nothing _ -> handedOn(given);
            default -> others.perform(with(lease, given(action, given.path("inputs"))));
        };
    }

    private static String words(List<String> paths) {
        return String.join(", ", paths) + ", or no list where there should be one";
    }

    private Outcome waited(JsonNode given) {
        var until = Instant.ofEpochMilli(given.path("until").asLong());
        return time.instant().isBefore(until)
                ? new Outcome.Postponed("waits until " + until, until)
                : new Outcome.Succeeded(Output.NONE);
    }

    /// An event that comes ends the run itself; one may have come before there was one.
    private Outcome heard(Wait.Event event, Run step, JsonNode given) {
        var body = events.take(step, event.name());
        return body.isPresent()
                ? new Outcome.Succeeded(json(body.get()))
                : postponed("'" + event.name() + "'", "'" + event.name() + "' has not come", given);
    }

    /// A decision ends the run itself; so nobody has decided yet.
    private Outcome undecided(JsonNode given) {
        return postponed("an approval", "nobody decided", given);
    }

    /// Until what is waited for comes from outside, or the deadline.
    private Outcome postponed(String wanted, String missed, JsonNode given) {
        var now = time.instant();
        var deadline =
                given.has("until")
                        ? Optional.of(Instant.ofEpochMilli(given.path("until").asLong()))
                        : Optional.<Instant>empty();
        if (deadline.filter(end -> !now.isBefore(end)).isPresent()) {
            return BatchOutcomes.failed(missed + " until " + deadline.get());
        }
        return new Outcome.Postponed(
                "waits for " + wanted, deadline.orElseGet(() -> now.plus(FOR_EVER)));
    }

    private static Output json(String text) {
        if (text.isEmpty()) {
            return Output.NONE;
        }
        var kept = KeptText.of(text, Output.MAX_KEPT);
        return new Output(OptionalInt.empty(), "application/json", kept.text(), kept.cut());
    }

    /// Doing nothing with something is to hand it on.
    private static Outcome handedOn(JsonNode given) {
        var inputs = given.path("inputs");
        return new Outcome.Succeeded(json(inputs.isObject() ? Json.write(inputs) : ""));
    }

    private static Lease with(Lease lease, Action action) {
        var whole = lease.definition();
        var own =
                new TaskDefinition(
                        whole.name(),
                        whole.description(),
                        whole.timetable(),
                        action,
                        whole.policies(),
                        whole.tags(),
                        whole.budget(),
                        whole.processing());
        return new Lease(lease.run(), own, lease.origin(), lease.holder());
    }

    /// The action with what it is given: as variables of a prompt, as the body of a call.
    private static Action given(Action action, JsonNode inputs) {
        if (!(inputs instanceof ObjectNode values) || values.isEmpty()) {
            return action;
        }
        return switch (action) {
            case PromptCall call ->
                    new PromptCall(
                            call.model(),
                            given(call.question(), values),
                            call.schema(),
                            call.tuning());
            case HttpCall call when call.body().isEmpty() ->
                    new HttpCall(
                            call.url(),
                            call.method(),
                            withType(call.headers()),
                            Optional.of(Json.write(values)),
                            call.auth(),
                            call.successCodes(),
                            call.secret());
            case AgentCall call -> new AgentCall(call.agent(), call.text() + told(values));
            case ToolCall call ->
                    call.with(Json.write(Json.readObject(call.arguments()).setAll(values)));
            // What a called task is given is read from the run.
            case HttpCall _,
                    Approval _,
                    BatchFile _,
                    Nothing _,
                    TaskBatch _,
                    TaskCall _,
                    Wait _,
                    Workflow _ ->
                    action;
        };
    }

    /// Each value under its name, so that an agent reads it as data.
    private static String told(ObjectNode values) {
        var told = new StringBuilder();
        values.properties()
                .forEach(
                        entry ->
                                told.append("\n\n")
                                        .append(entry.getKey())
                                        .append(":\n")
                                        .append(text(entry.getValue())));
        return told.toString();
    }

    private static Map<String, String> withType(Map<String, String> headers) {
        if (headers.keySet().stream().anyMatch("content-type"::equalsIgnoreCase)) {
            return headers;
        }
        var more = new HashMap<>(headers);
        more.put("Content-Type", "application/json");
        return more;
    }

    private static Question given(Question question, ObjectNode values) {
        return switch (question) {
            case Question.Text(var text) -> new Question.Template(text, with(Map.of(), values));
            case Question.Template(var text, var variables) ->
                    new Question.Template(text, with(variables, values));
            case Question.Stored(var prompt, var version, var variables) ->
                    new Question.Stored(prompt, version, with(variables, values));
            case Question.Messages _ -> question;
        };
    }

    private static Map<String, String> with(Map<String, String> variables, ObjectNode values) {
        var all = new HashMap<>(variables);
        values.properties().forEach(entry -> all.put(entry.getKey(), text(entry.getValue())));
        return all;
    }

    private static String text(JsonNode value) {
        return value.isValueNode() ? value.asText() : Json.write(value);
    }
}
