package carillon.json;

import carillon.action.Action;
import carillon.action.AgentCall;
import carillon.action.Approval;
import carillon.action.BatchFile;
import carillon.action.HttpCall;
import carillon.action.Nothing;
import carillon.action.PromptCall;
import carillon.action.Question;
import carillon.action.Step;
import carillon.action.StepKey;
import carillon.action.TaskBatch;
import carillon.action.TaskCall;
import carillon.action.ToolCall;
import carillon.action.ValuePath;
import carillon.action.Wait;
import carillon.action.Workflow;
import carillon.json.ReadContext.Form;
import carillon.schedule.DurationText;
import carillon.task.Policies;
import carillon.task.RetryPolicy;
import carillon.task.TaskDefinition;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// `{shape, loop:{until, max_passes}, steps:[{name, action, depends_on, order, priority, when,
/// inputs, for_each, compensates, on_failure, attempts, timeout}]}`. What is wrong with the steps
/// as a whole, such as a cycle, is told at the step where it shows.
public final class WorkflowJson {
    private static final int MAX_ORDER = 1_000_000;

    private final Fields fields;
    private final ReadContext context;

    private WorkflowJson(Fields fields, ReadContext context) {
        this.fields = fields;
        this.context = context;
    }

    /// Empty where no workflow can be made of it. All that is wrong is noted as a problem.
    public static Optional<Workflow> read(Fields fields, ReadContext context) {
        return new WorkflowJson(fields, context).read();
    }

    private Optional<Workflow> read() {
        if (!fields.has("shape")) {
            fields.problem("shape", "is required");
        }
        var shape = fields.word("shape", Workflow.Shape.class);
        if (!fields.has("steps")) {
            fields.problem("steps", "is required");
        }
        var loop = fields.object("loop").flatMap(WorkflowJson::loop);
        var items = fields.array("steps", Workflow.MAX_STEPS);
        var sheet =
                context.isShown()
                        ? Optional.<String>empty()
                        : fields.text("sheet", Integer.MAX_VALUE);
        fields.done();
        var steps = new ArrayList<Step>();
        var sent = items.orElse(List.of());
        for (int i = 0; i < sent.size(); i++) {
            step(sent.get(i), fields.path(place(i))).ifPresent(steps::add);
        }
        if (shape.isEmpty()
                || items.isEmpty()
                || steps.size() < sent.size()
                || (fields.has("loop") && loop.isEmpty())) {
            return Optional.empty();
        }
        if (context.isShown() && steps.isEmpty()) {
            fields.problem("steps", "must have 1 to " + Workflow.MAX_STEPS + " steps");
            return Optional.empty();
        }
        var faults = Workflow.faults(shape.get(), steps);
        for (var fault : faults) {
            fields.problem(fault.step().map(WorkflowJson::place).orElse("steps"), fault.message());
        }
        return faults.isEmpty()
                ? Optional.of(whole(new Workflow(shape.get(), steps, loop), sheet))
                : Optional.empty();
    }

    /// With its sheet: that in a store, or that of the workflow to be replaced, if it is the same.
    private Workflow whole(Workflow read, Optional<String> stored) {
        var kept =
                stored.or(
                        () ->
                                context.previous()
                                        .map(TaskDefinition::action)
                                        .filter(before -> before instanceof Workflow)
                                        .map(before -> (Workflow) before)
                                        .filter(before -> before.equals(read.with(before.sheet())))
                                        .flatMap(Workflow::sheet));
        return read.with(kept);
    }

    private static String place(int step) {
        return "steps[" + step + "]";
    }

    private Optional<Step> step(JsonNode sent, String path) {
        return Fields.of(sent, path, fields.problems()).flatMap(this::step);
    }

    private Optional<Step> step(Fields step) {
        var name =
                step.requiredText("name", Step.MAX_NAME_LENGTH).flatMap(said -> name(step, said));
        var action = ActionJson.readOfStep(step, name.map(this::contextOf).orElse(context));
        var dependsOn = dependsOn(step);
        int order = step.integer("order", 0, MAX_ORDER).orElse(0);
        int priority = step.integer("priority", 0, Policies.MAX_PRIORITY).orElse(0);
        var when = step.object("when").flatMap(ConditionJson::read);
        var feed = feed(step, action);
        var tries = tries(step);
        var compensates = step.text("compensates", Step.MAX_NAME_LENGTH);
        step.done();
        if (name.isEmpty()
                || action.isEmpty()
                || dependsOn.isEmpty()
                || (step.has("when") && when.isEmpty())
                || feed.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new Step(
                        name.get(),
                        action.get(),
                        dependsOn.get(),
                        new Step.Rank(order, priority),
                        when,
                        feed.get(),
                        tries,
                        compensates));
    }

    private static Optional<Workflow.Loop> loop(Fields loop) {
        var until = loop.object("until").flatMap(ConditionJson::read);
        int passes =
                loop.integer("max_passes", 1, Workflow.Loop.MAX_PASSES)
                        .orElse(Workflow.Loop.DEFAULT_PASSES);
        loop.done();
        return loop.has("until") && until.isEmpty()
                ? Optional.empty()
                : Optional.of(new Workflow.Loop(until, passes));
    }

    /// With the step of the same name that is to be replaced, whose masked secrets stay.
    private ReadContext contextOf(String name) {
        return context.previous()
                .filter(previous -> previous.action() instanceof Workflow)
                .flatMap(
                        previous -> {
                            var steps = ((Workflow) previous.action()).steps();
                            return IntStream.range(0, steps.size())
                                    .filter(i -> steps.get(i).name().equals(name))
                                    .mapToObj(i -> previous.ofStep(new StepKey(i, 0, 0)))
                                    .findFirst();
                        })
                .map(context::replacing)
                .orElse(context);
    }

    private Step.Tries tries(Fields step) {
        var onFailure = step.word("on_failure", Step.OnFailure.class).orElse(Step.OnFailure.STOP);
        var attempts = step.integer("attempts", 1, RetryPolicy.MAX_ATTEMPTS);
        var timeout = step.duration("timeout");
        if (timeout.filter(time -> !time.isPositive() || time.compareTo(Policies.MAX_TIMEOUT) > 0)
                .isPresent()) {
            step.problem("timeout", "must be above 0 and at most 24h");
        }
        return new Step.Tries(onFailure, attempts, timeout);
    }

    /// Empty where something is wrong with it.
    private static Optional<Step.Feed> feed(Fields step, Optional<Action> action) {
        var inputs = new LinkedHashMap<String, ValuePath>();
        var sent = step.texts("inputs", Step.Feed.MAX_INPUTS, ValuePath.MAX_LENGTH);
        int before = step.problems().count();
        for (var input : sent.orElse(Map.of()).entrySet()) {
            path(step, "inputs." + input.getKey(), input.getValue())
                    .ifPresent(path -> inputs.put(input.getKey(), path));
        }
        var forEach =
                step.text("for_each", ValuePath.MAX_LENGTH)
                        .flatMap(text -> path(step, "for_each", text));
        if (!inputs.isEmpty() && action.filter(one -> !takesInputs(one)).isPresent()) {
            step.problem(
                    "inputs",
                    "can be given to a prompt without 'messages', to an http call without 'body',"
                            + " to an agent, to a tool, to a task, and to 'nothing'");
        }
        return step.problems().count() > before
                ? Optional.empty()
                : Optional.of(new Step.Feed(inputs, forEach));
    }

    private static boolean takesInputs(Action action) {
        return switch (action) {
            case PromptCall call -> !(call.question() instanceof Question.Messages);
            case HttpCall call -> call.body().isEmpty();
            case Nothing _, AgentCall _, TaskCall _, ToolCall _ -> true;
            case Approval _, BatchFile _, TaskBatch _, Wait _, Workflow _ -> false;
        };
    }

    private static Optional<ValuePath> path(Fields step, String field, String text) {
        try {
            return Optional.of(ValuePath.of(text));
        } catch (IllegalArgumentException e) {
            step.problem(field, "is no path: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static Optional<String> name(Fields step, String name) {
        if (name.contains(".")) {
            step.problem("name", "must not have dots: they stand between the parts of a path");
            return Optional.empty();
        }
        return Optional.of(name);
    }

    /// Empty where one of them is no name or stands twice.
    private static Optional<List<String>> dependsOn(Fields step) {
        var items = step.array("depends_on", Workflow.MAX_STEPS).orElse(List.of());
        var names = new ArrayList<String>();
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i).isTextual()) {
                names.add(items.get(i).textValue());
            } else {
                step.problem("depends_on[" + i + "]", "must be a string");
            }
        }
        if (names.stream().distinct().count() < names.size()) {
            step.problem("depends_on", "names a step twice");
            return Optional.empty();
        }
        return names.size() == items.size() ? Optional.of(names) : Optional.empty();
    }

    public static ObjectNode write(Workflow workflow, Form form) {
        var out = Json.object().put("shape", Fields.word(workflow.shape()));
        workflow.loop()
                .ifPresent(
                        loop -> {
                            var own = out.putObject("loop").put("max_passes", loop.maxPasses());
                            loop.until()
                                    .ifPresent(
                                            until -> own.set("until", ConditionJson.write(until)));
                        });
        if (form == Form.STORED) {
            workflow.sheet().ifPresent(sheet -> out.put("sheet", sheet));
        }
        var steps = out.putArray("steps");
        for (var step : workflow.steps()) {
            var one = steps.addObject().put("name", step.name());
            one.set("action", ActionJson.write(step.action(), form));
            step.dependsOn().forEach(one.putArray("depends_on")::add);
            one.put("order", step.order()).put("priority", step.priority());
            step.when().ifPresent(when -> one.set("when", ConditionJson.write(when)));
            if (!step.feed().inputs().isEmpty()) {
                var inputs = one.putObject("inputs");
                step.feed().inputs().forEach((name, path) -> inputs.put(name, path.toString()));
            }
            step.feed().forEach().ifPresent(path -> one.put("for_each", path.toString()));
            step.compensates().ifPresent(other -> one.put("compensates", other));
            one.put("on_failure", Fields.word(step.onFailure()));
            step.attempts().ifPresent(attempts -> one.put("attempts", attempts));
            step.timeout().ifPresent(time -> one.put("timeout", DurationText.write(time)));
        }
        return out;
    }
}
