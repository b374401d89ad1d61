package carillon.task;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// One processor in a task's chain. Without a template it writes its type's own text.
public record ProcessorUse(String type, Map<String, String> config, Optional<String> template) {
    public ProcessorUse {
        requireNonNull(type, "type");
        config = Collections.unmodifiableMap(new LinkedHashMap<>(config));
        requireNonNull(template, "template");
    }
}
