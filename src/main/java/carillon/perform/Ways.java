package carillon.perform;

import static java.util.Objects.requireNonNull;

import carillon.ai.Endpoint;
import carillon.egress.Egress;

/// How models are reached: `administrators` leads to the addresses that the administrator has
/// given, `callers` to all others.
public record Ways(Egress callers, Egress administrators) {
    public Ways {
        requireNonNull(callers, "callers");
        requireNonNull(administrators, "administrators");
    }

    Egress to(Endpoint endpoint) {
        return switch (endpoint.source()) {
            case ADMINISTRATOR -> administrators;
            case CALLER -> callers;
        };
    }
}
