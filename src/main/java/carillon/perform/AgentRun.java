package carillon.perform;

import carillon.action.Conversation;
import carillon.action.Question;
import carillon.action.Tool;
import carillon.action.ToolRound;
import carillon.action.Tuning;
import carillon.agent.Agent;
import carillon.ai.Model;
import carillon.ai.Reply;
import carillon.ai.Spending;
import carillon.ai.Tokens;
import carillon.json.Json;
import carillon.json.JsonException;
import carillon.perform.MeteredChat.Queue;
import carillon.quota.Asker;
import carillon.run.Asked;
import carillon.run.Lease;
import carillon.run.ModelAnswer;
import carillon.run.ModelUse;
import carillon.run.Outcome;
import carillon.run.Output;
import carillon.task.RetryOn;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// One attempt of an agent at what it is to do. It goes on where the attempt before stood, and each
/// step is on disk before the next.
final class AgentRun {
    /// Of calls in one answer.
    private static final int MAX_CALLS = 16;

    /// Of what a tool brought, as the model is told it, in characters.
    private static final int MAX_RESULT = 20_000;

    private static final int MAX_ARGUMENTS = 64 * 1024;

    private final Agent agent;
    private final Lease lease;
    private final AgentPerformer.Means means;
    private final Conversation question;
    private final Tuning tuning;
    private final Transcript transcript;
    private final Map<String, Toolbox> tools = new LinkedHashMap<>();
    private final List<Tool> offered = new ArrayList<>();
    private final Instant attemptEnds;
    private Duration latency = Duration.ZERO;
    private ModelUse use;

    AgentRun(Agent agent, String text, Lease lease, AgentPerformer.Means means) {
        this.agent = agent;
        this.lease = lease;
        this.means = means;
        var call = AgentPerformer.question(agent, text);
        this.question = ((Question.Messages) call.question()).conversation();
        this.tuning = call.tuning();
        this.transcript = Transcript.of(means.transcripts(), lease.run().id().value());
        this.use = ModelUse.none(agent.model());
        for (var box : means.tools()) {
            for (var tool : agent.skills().tools().isEmpty() ? List.<Tool>of() : box.tools()) {
                if (isListed(tool.name()) && tools.putIfAbsent(tool.name(), box) == null) {
                    offered.add(tool);
                }
            }
        }
        this.attemptEnds = now().plus(lease.definition().policies().timeout());
    }

    /// By its name, or by that of its server, of which all tools are meant then.
    private boolean isListed(String tool) {
        return agent.skills().tools().stream()
                .anyMatch(listed -> tool.equals(listed) || tool.startsWith(listed + "__"));
    }

    private Instant now() {
        return means.time().instant();
    }

    Outcome work() throws InterruptedException {
        var model = means.models().find(agent.model()).map(found -> found.tuned(tuning));
        if (model.isEmpty()) {
            return Outcome.Failed.of("there is no model '" + agent.model() + "'", RetryOn.OTHER);
        }
        while (true) {
            for (var call = transcript.nextCall(); call.isPresent(); call = transcript.nextCall()) {
                transcript.add(call.get(), use(call.get()), now());
            }
            if (transcript.last().isPresent()) {
                return succeeded(model.get(), transcript.last().get());
            }
            var reached = bound();
            if (reached.isPresent()) {
                return failed(model.get(), reached.get(), Set.of());
            }
            var end = ask(model.get());
            if (end.isPresent()) {
                return end.get();
            }
        }
    }

    /// The bound of the agent that is reached, in words.
    private Optional<String> bound() {
        var bounds = agent.bounds();
        var spent = transcript.spending();
        long tokens = spent.tokens().map(Tokens::total).orElse(0L);
        long cost = spent.costNanodollars().orElse(0);
        if (transcript.answers() >= bounds.steps()) {
            return stopped("it has had " + bounds.steps() + " answers of its model");
        }
        if (tokens >= bounds.tokens()) {
            return stopped("it has used " + tokens + " of " + bounds.tokens() + " tokens");
        }
        if (bounds.costNanodollars().isPresent() && cost >= bounds.costNanodollars().getAsLong()) {
            return stopped("its money is used up");
        }
        return now().isBefore(ends())
                ? Optional.empty()
                : stopped("its time of " + bounds.time() + " is over");
    }

    private static Optional<String> stopped(String why) {
        return Optional.of("the agent was stopped: " + why);
    }

    private Instant ends() {
        return transcript.began(now()).plus(agent.bounds().time());
    }

    /// Puts the question with all that was done so far; returns what becomes of the attempt when it
    /// must end here.
    private Optional<Outcome> ask(Model model) throws InterruptedException {
        var said = question.with(offered, transcript.rounds());
        var payment = new Payment(means.cashier(), lease);
        var receipt = payment.forQuestion(model, said.text());
        if (receipt.isEmpty()) {
            return Optional.of(payment.end().orElseThrow());
        }
        var until = ends().isBefore(attemptEnds) ? ends() : attemptEnds;
        var begun = now();
        var left = Duration.between(begun, until);
        if (!left.isPositive()) {
            receipt.get().release();
            receipt.get().close();
            return Optional.of(failed(model, "its time was over", Set.of(RetryOn.TIMEOUT)));
        }
        try (var paid = receipt.get()) {
            return switch (means.chat().ask(model, said, left, Asker.of(lease), Queue.JOIN)) {
                case MeteredChat.Waits waits -> {
                    paid.release();
                    yield Optional.of(
                            new Outcome.Postponed(
                                    waits.reason(), waits.until(), asked(Optional.empty())));
                }
                case MeteredChat.Came(var reply) -> {
                    paid.settle(reply);
                    yield took(model, reply, Duration.between(begun, now()));
                }
            };
        }
    }

    private Optional<Outcome> took(Model model, Reply reply, Duration time) {
        latency = latency.plus(time.isNegative() ? Duration.ZERO : time);
        return switch (reply) {
            case Reply.Answer answer -> {
                var spending = model.spending(answer.tokens());
                use = use.plus(new ModelUse(agent.model(), 1, 0, spending));
                transcript.add(answer, spending, now());
                yield Optional.empty();
            }
            case Reply.Failure failure -> {
                use = use.plus(new ModelUse(agent.model(), 1, 1, Spending.NONE));
                yield Optional.of(
                        new Outcome.Failed(
                                model.name() + ": " + failure.reason(),
                                failure.kinds(),
                                Output.NONE,
                                failure.retryAfter(),
                                asked(Optional.empty())));
            }
        };
    }

    private Toolbox.Result use(ToolRound.Call call) throws InterruptedException {
        var box = Optional.ofNullable(tools.get(call.name()));
        if (box.isEmpty()) {
            return Toolbox.Result.failed(
                    "there is no tool '"
                            + KeptText.of(call.name(), 100).text()
                            + "' for you; you have: "
                            + String.join(", ", tools.keySet()));
        }
        if (transcript.callsInRound() > MAX_CALLS) {
            return Toolbox.Result.failed("at most " + MAX_CALLS + " calls at once");
        }
        if (call.arguments().length() > MAX_ARGUMENTS) {
            return Toolbox.Result.failed("the arguments are longer than 64 KiB");
        }
        try {
            var text = call.arguments().isBlank() ? "{}" : call.arguments();
            if (!(Json.read(text) instanceof ObjectNode arguments)) {
                return Toolbox.Result.failed("the arguments must be a JSON object");
            }
            var result = box.get().use(call.name(), arguments, lease);
            return new Toolbox.Result(result.succeeded(), shortened(result.text()));
        } catch (JsonException e) {
            return Toolbox.Result.failed("the arguments are no JSON: " + e.getMessage());
        }
    }

    private static String shortened(String text) {
        return text.length() > MAX_RESULT
                ? text.substring(0, MAX_RESULT) + "… (the rest is left out)"
                : text;
    }

    private Outcome succeeded(Model model, String answer) {
        var text = KeptText.of(answer, Output.MAX_KEPT);
        var output = new Output(OptionalInt.empty(), "text/plain", text.text(), text.cut());
        return new Outcome.Succeeded(
                output, asked(Optional.of(said(model, answer, ModelAnswer.State.WHOLE))));
    }

    private Outcome failed(Model model, String reason, Set<RetryOn> kinds) {
        return new Outcome.Failed(
                reason,
                kinds,
                Output.NONE,
                Optional.empty(),
                asked(Optional.of(said(model, reason, ModelAnswer.State.CUT))));
    }

    /// With what the whole run has spent.
    private ModelAnswer said(Model model, String answer, ModelAnswer.State state) {
        var text = KeptText.of(answer, ModelAnswer.MAX_KEPT);
        var source = new ModelAnswer.Source(model.name(), model.model(), Optional.empty());
        return new ModelAnswer(
                text.text(),
                text.cut() ? ModelAnswer.State.CUT : state,
                source,
                transcript.spending(),
                latency);
    }

    private Asked asked(Optional<ModelAnswer> answer) {
        return new Asked(answer, List.of(use));
    }
}
