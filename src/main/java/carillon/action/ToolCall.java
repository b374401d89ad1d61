package carillon.action;

import static java.util.Objects.requireNonNull;

/// Uses a tool of a tool server, by the name that agents know it by (`SERVER__TOOL`). `arguments`
/// is a JSON object, as text; what the run is given is put over it. What the tool brings is the
/// output.
public record ToolCall(String tool, String arguments) implements Action {
    public static final int MAX_NAME_LENGTH = 200;

    public ToolCall {
        requireNonNull(tool, "tool");
        requireNonNull(arguments, "arguments");
    }

    /// The same, with other arguments.
    public ToolCall with(String others) {
        return new ToolCall(tool, others);
    }

    /// Without the arguments, so that it may stand in a log.
    @Override
    public String toString() {
        return "call of tool " + tool;
    }
}
