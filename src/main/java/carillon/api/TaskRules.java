package carillon.api;

import carillon.action.BatchFile;
import carillon.batch.BatchFiles;
import carillon.json.Problems;
import carillon.processor.ProcessorType;
import carillon.processor.Processors;
import carillon.task.TaskDefinition;
import java.util.Optional;

/// What a task that is sent must meet beyond its own form, in this installation.
public final class TaskRules {
    private final Processors processors;
    private final Optional<BatchFiles> files;

    /// `files` are there where there is a folder for them.
    public TaskRules(Processors processors, Optional<BatchFiles> files) {
        this.files = files;
        this.processors = processors;
    }

    /// Notes what is wrong, field by field.
    public void check(TaskDefinition definition, Problems problems) {
        if (definition.action() instanceof BatchFile && files.isEmpty()) {
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

    /// Notes why a batch that began now would not find its files.
    public void checkFiles(TaskDefinition definition, Problems problems) {
        if (definition.action() instanceof BatchFile batch) {
            files.ifPresent(places -> places.check(batch, problems));
        }
    }
}
