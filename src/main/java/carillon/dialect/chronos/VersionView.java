package carillon.dialect.chronos;

import carillon.json.Json;
import carillon.task.TaskVersion;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// A version of a job's configuration as Chronos shows it.
final class VersionView {
    private VersionView() {}

    static ObjectNode of(TaskVersion version) {
        var out =
                Json.object()
                        .put("job_id", Codec.jobId(version.task()))
                        .put("version", version.version());
        out.set("config", JobView.config(version.definition()));
        return out.put("created_at", version.createdAt().toString())
                .put("created_by", version.createdBy());
    }
}
