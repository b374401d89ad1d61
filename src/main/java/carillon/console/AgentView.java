package carillon.console;

import static java.util.Objects.requireNonNull;

import java.util.List;

/// One agent: who it is, what it may do, and its definition.
public record AgentView(
        long id,
        String name,
        List<Fact> facts,
        String goal,
        String backstory,
        String definition,
        boolean edits) {
    public AgentView {
        requireNonNull(name, "name");
        facts = List.copyOf(facts);
        requireNonNull(goal, "goal");
        requireNonNull(backstory, "backstory");
        requireNonNull(definition, "definition");
    }
}
