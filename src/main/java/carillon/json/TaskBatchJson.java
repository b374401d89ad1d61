package carillon.json;

import carillon.action.Action;
import carillon.action.BatchFile;
import carillon.action.TaskBatch;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/// `{"tasks":{api, batch, max_concurrency}}`: the tasks that an API's clients have put into a
/// batch.
final class TaskBatchJson {
    private static final int MAX_NAME_LENGTH = 100;

    private TaskBatchJson() {}

    static Optional<Action> read(Fields fields) {
        var api = fields.requiredText("api", MAX_NAME_LENGTH);
        var batch = fields.requiredText("batch", MAX_NAME_LENGTH);
        int concurrency =
                fields.integer("max_concurrency", 1, BatchFile.MAX_CONCURRENCY)
                        .orElse(BatchFile.DEFAULT_CONCURRENCY);
        fields.done();
        return api.flatMap(of -> batch.map(name -> new TaskBatch(of, name, concurrency)));
    }

    static ObjectNode write(TaskBatch batch) {
        return Json.object()
                .put("api", batch.api())
                .put("batch", batch.batch())
                .put("max_concurrency", batch.concurrency());
    }
}
