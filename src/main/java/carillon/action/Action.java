package carillon.action;

/// What an attempt does.
public sealed interface Action
        permits AgentCall,
                Approval,
                BatchFile,
                HttpCall,
                Nothing,
                PromptCall,
                TaskBatch,
                TaskCall,
                ToolCall,
                Wait,
                Workflow {
    /// Whether it only sees to other runs. Then it takes no place among those that work, which the
    /// others need.
    default boolean conducts() {
        return false;
    }

    /// One word for what it does: the name of its form in JSON.
    default String kind() {
        return switch (this) {
            case HttpCall _ -> "http";
            case PromptCall _ -> "prompt";
            case BatchFile _ -> "batch";
            case AgentCall _ -> "agent";
            case TaskBatch _ -> "tasks";
            case Workflow _ -> "workflow";
            case ToolCall _ -> "tool";
            case TaskCall _ -> "task";
            case Wait _ -> "wait";
            case Approval _ -> "approval";
            case Nothing _ -> "nothing";
        };
    }
}
