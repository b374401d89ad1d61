package carillon.task;

/// Writes definitions as the text that a store keeps, and reads them back exactly, secrets
/// included.
public interface TaskCodec {
    String write(TaskDefinition definition);

    /// Reads what [#write] wrote. The id decides what `H` in a cron expression stands for.
    TaskDefinition read(TaskId id, String text);
}
