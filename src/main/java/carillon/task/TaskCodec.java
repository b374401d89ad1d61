package carillon.task;

/// Writes definitions as the text that a store keeps, and reads them back exactly, secrets
/// included.
public interface TaskCodec {
    /// For the task with this id, and for no other.
    String write(TaskId id, TaskDefinition definition);

    /// Reads what [#write] wrote for this id. The id decides what `H` in a cron expression stands
    /// for.
    TaskDefinition read(TaskId id, String text);
}
