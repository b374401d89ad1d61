package carillon.action;

import static java.util.Objects.requireNonNull;

/// Something for an agent to do, whose answer is the run's output. `agent` is its name or id, known
/// when the attempt begins. What the run is given comes after the `text`, as it is.
public record AgentCall(String agent, String text) implements Action {
    public static final int MAX_TEXT_LENGTH = 200_000;

    public AgentCall {
        requireNonNull(agent, "agent");
        requireNonNull(text, "text");
    }

    /// Without the text, so that it may stand in a log.
    @Override
    public String toString() {
        return "call of agent " + agent;
    }
}
