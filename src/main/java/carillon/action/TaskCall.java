package carillon.action;

/// Runs another task, in a workflow, and waits for the end of that run, whose output is its own.
/// `task` is the id of the task, known when the attempt begins.
public record TaskCall(long task) implements Action {
    public TaskCall {
        if (task < 1) {
            throw new IllegalArgumentException("no id of a task: " + task);
        }
    }

    @Override
    public boolean conducts() {
        return true;
    }
}
