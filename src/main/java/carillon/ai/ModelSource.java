package carillon.ai;

import java.util.Optional;

/// Knows models by the names that tasks call them.
@FunctionalInterface
public interface ModelSource {
    Optional<Model> find(String name);
}
