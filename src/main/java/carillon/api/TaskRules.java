package carillon.api;

import carillon.action.BatchFile;
import carillon.json.Problems;
import carillon.processor.ProcessorType;
import carillon.processor.Processors;
import carillon.task.TaskDefinition;

/// What a task that is sent must meet beyond its own form, in this installation.
public final class TaskRules {
    private final Processors processors;
    private final boolean hasFiles;

    /// `hasFiles` says whether there is a folder for files.
    public TaskRules(Processors processors, boolean hasFiles) {
        this.hasFiles = hasFiles;
        this.processors = processors;
    }

    /// Notes what is wrong, field by field.
    public void check(TaskDefinition definition, Problems problems) {
        if (definition.action() instanceof BatchFile && !hasFiles) {
            problems.add(
                    "action.batch.input",
                    "no folder for files is configured: set files.root in the configuration");
        }
        var uses = definition.processing().processors();
        for (int i = 0; i < uses.size(); i++) {
            var field = "processors[" + i + "].type";
            ProcessorType.of(uses.get(i).type())
                    .flatMap(processors::missing)
                    .ifPresent(missing -> problems.add(field, "cannot be used: " + missing));
        }
    }
}
