package carillon.json;

import carillon.action.Step;
import carillon.action.Workflow;
import carillon.json.ReadContext.Form;
import carillon.task.Policies;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `{shape, steps:[{name, action, depends_on, order, priority, when, on_failure}]}`. What is wrong
/// with the steps as a whole, such as a cycle, is told at the step where it shows.
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
        var items = fields.array("steps", Workflow.MAX_STEPS);
        fields.done();
        var steps = new ArrayList<Step>();
        var sent = items.orElse(List.of());
        for (int i = 0; i < sent.size(); i++) {
            step(sent.get(i), fields.path(place(i))).ifPresent(steps::add);
        }
        if (shape.isEmpty() || items.isEmpty() || steps.size() < sent.size()) {
            return Optional.empty();
        }
        var faults = Workflow.faults(shape.get(), steps);
        for (var fault : faults) {
            fields.problem(fault.step().map(WorkflowJson::place).orElse("steps"), fault.message());
        }
        return faults.isEmpty() ? Optional.of(new Workflow(shape.get(), steps)) : Optional.empty();
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
        var action = ActionJson.read(step, context);
        var dependsOn = dependsOn(step);
        int order = step.integer("order", 0, MAX_ORDER).orElse(0);
        int priority = step.integer("priority", 0, Policies.MAX_PRIORITY).orElse(0);
        var when = step.object("when").flatMap(ConditionJson::read);
        var onFailure = step.word("on_failure", Step.OnFailure.class).orElse(Step.OnFailure.STOP);
        step.done();
        if (name.isEmpty()
                || action.isEmpty()
                || dependsOn.isEmpty()
                || (step.has("when") && when.isEmpty())) {
            return Optional.empty();
        }
        return Optional.of(
                new Step(
                        name.get(),
                        action.get(),
                        dependsOn.get(),
                        order,
                        priority,
                        when,
                        onFailure));
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
        var steps = out.putArray("steps");
        for (var step : workflow.steps()) {
            var one = steps.addObject().put("name", step.name());
            one.set("action", ActionJson.write(step.action(), form));
            step.dependsOn().forEach(one.putArray("depends_on")::add);
            one.put("order", step.order()).put("priority", step.priority());
            step.when().ifPresent(when -> one.set("when", ConditionJson.write(when)));
            one.put("on_failure", Fields.word(step.onFailure()));
        }
        return out;
    }
}
