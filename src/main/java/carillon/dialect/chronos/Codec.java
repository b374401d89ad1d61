package carillon.dialect.chronos;

import carillon.run.RunId;
import carillon.run.RunState;
import carillon.task.TaskId;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/// Chronos's words for ids and states.
///
/// An id is a UUID of version 8 (RFC 9562 section 5.8): its low 62 bits are our own id, the rest is
/// a check on it, so that UUIDs made elsewhere, and those of another kind of thing, are not found.
final class Codec {
    private static final Pattern UUID_FORM =
            Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final String EXECUTION_PREFIX = "exec-";
    private static final long VERSION_MASK = 0xF000L;
    private static final long VERSION_8 = 0x8000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;
    private static final long ID_MASK = 0x3FFF_FFFF_FFFF_FFFFL;

    /// What an id identifies.
    private enum Kind {
        JOB,
        EXECUTION
    }

    private Codec() {}

    static String jobId(TaskId id) {
        return uuid(Kind.JOB, id.value()).toString();
    }

    /// Empty when the text is not the id of a job.
    static Optional<TaskId> taskId(String text) {
        return value(Kind.JOB, text).map(TaskId::new);
    }

    static String executionId(RunId id) {
        return EXECUTION_PREFIX + uuid(Kind.EXECUTION, id.value());
    }

    /// Empty when the text is not the id of an execution.
    static Optional<RunId> runId(String text) {
        return text.startsWith(EXECUTION_PREFIX)
                ? value(Kind.EXECUTION, text.substring(EXECUTION_PREFIX.length())).map(RunId::new)
                : Optional.empty();
    }

    private static UUID uuid(Kind kind, long id) {
        var check = UUID.nameUUIDFromBytes((kind + " " + id).getBytes(StandardCharsets.UTF_8));
        long high = (check.getMostSignificantBits() & ~VERSION_MASK) | VERSION_8;
        return new UUID(high, VARIANT | id);
    }

    private static Optional<Long> value(Kind kind, String text) {
        if (!UUID_FORM.matcher(text).matches()) {
            return Optional.empty();
        }
        var uuid = UUID.fromString(text);
        long id = uuid.getLeastSignificantBits() & ID_MASK;
        return id > 0 && uuid.equals(uuid(kind, id)) ? Optional.of(id) : Optional.empty();
    }

    static String status(RunState state) {
        return switch (state) {
            case QUEUED -> "pending";
            case RUNNING -> "running";
            case SUCCEEDED -> "success";
            case FAILED, CANCELLED -> "failed";
            case SKIPPED, MISSED -> "skipped";
        };
    }
}
