package carillon.task;

/// When a success is worth telling.
public enum Notify {
    ALWAYS,
    /// When the output differs from that of the task's last success before it.
    ON_CHANGE
}
