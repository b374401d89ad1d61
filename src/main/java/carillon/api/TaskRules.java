package carillon.api;

import carillon.json.Problems;
import carillon.processor.ProcessorType;
import carillon.processor.Processors;
import carillon.task.TaskDefinition;

/// What a task that is sent must meet beyond its own form, in this installation.
public final class TaskRules {
    private final Processors processors;

    public TaskRules(Processors processors) {
        this.processors = processors;
    }

    /// Notes what is wrong, field by field.
    public void check(TaskDefinition definition, Problems problems) {
        var uses = definition.processing().processors();
        for (int i = 0; i < uses.size(); i++) {
            var field = "processors[" + i + "].type";
            ProcessorType.of(uses.get(i).type())
                    .flatMap(processors::missing)
                    .ifPresent(missing -> problems.add(field, "cannot be used: " + missing));
        }
    }
}
