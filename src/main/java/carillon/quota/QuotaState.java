package carillon.quota;

import static java.util.Objects.requireNonNull;

/// A quota at one instant: what is known of it, what is being used, and how many runs wait.
public record QuotaState(Quota quota, Load load, long waiting) {
    public static final QuotaState UNKNOWN = new QuotaState(Quota.UNKNOWN, Load.NONE, 0);

    public QuotaState {
        requireNonNull(quota, "quota");
        requireNonNull(load, "load");
    }
}
