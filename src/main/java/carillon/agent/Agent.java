package carillon.agent;

import static java.util.Objects.requireNonNull;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// A model with a role and a goal. `name` is what actions call it; `model` the name of a model,
/// known when the agent is asked; `config` is JSON that belongs to clients and is kept as it came.
/// One that is not `active` is kept and cannot be asked.
public record Agent(
        String name,
        Persona persona,
        String model,
        Sampling sampling,
        Skills skills,
        Bounds bounds,
        boolean active,
        Optional<String> config) {
    public static final int MAX_NAME_LENGTH = 100;

    /// Who the agent is: what it is told of itself before every question. `backstory` may be empty.
    public record Persona(String role, String goal, String backstory) {
        public Persona {
            requireNonNull(role, "role");
            requireNonNull(goal, "goal");
            requireNonNull(backstory, "backstory");
        }
    }

    /// `capabilities` are words for people; `tools` the names of those that it may call, each once.
    public record Skills(List<String> capabilities, List<String> tools) {
        public static final Skills NONE = new Skills(List.of(), List.of());

        public Skills {
            capabilities = List.copyOf(capabilities);
            tools = List.copyOf(tools);
            if (new HashSet<>(tools).size() < tools.size()) {
                throw new IllegalArgumentException("a tool is named twice: " + tools);
            }
        }
    }

    public Agent {
        requireNonNull(persona, "persona");
        requireNonNull(model, "model");
        requireNonNull(sampling, "sampling");
        requireNonNull(skills, "skills");
        requireNonNull(bounds, "bounds");
        requireNonNull(config, "config");
        if (name.isBlank() || name.length() > MAX_NAME_LENGTH) {
            throw new IllegalArgumentException("a name of 1 to " + MAX_NAME_LENGTH + " characters");
        }
    }
}
