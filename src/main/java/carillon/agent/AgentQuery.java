package carillon.agent;

/// Which agents are wanted, newest first: those with an id below `before`, without the first
/// `offset` of them, at most `limit`; with `activeOnly` none but the active ones.
public record AgentQuery(boolean activeOnly, long before, int offset, int limit) {
    public AgentQuery {
        if (offset < 0 || limit < 0) {
            throw new IllegalArgumentException("at least 0: " + offset + ", " + limit);
        }
    }
}
