package carillon.agent;

/// Writes agents as the text that a store keeps, and reads them back exactly.
public interface AgentCodec {
    String write(Agent agent);

    /// Reads what [#write] wrote.
    Agent read(String text);
}
