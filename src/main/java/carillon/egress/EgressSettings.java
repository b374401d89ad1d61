package carillon.egress;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Set;

/// `ownPorts` are the ports that this server listens on, which it never calls itself;
/// `maxPerTarget` bounds the connections to one scheme, host and port.
public record EgressSettings(
        AllowList allow, Set<Integer> ownPorts, int maxPerTarget, String userAgent) {
    public static final int DEFAULT_MAX_PER_TARGET = 20_000;

    public EgressSettings {
        requireNonNull(allow, "allow");
        ownPorts = Set.copyOf(ownPorts);
        requireNonNull(userAgent, "userAgent");
        if (maxPerTarget < 1) {
            throw new IllegalArgumentException("at least one connection: " + maxPerTarget);
        }
    }

    /// The same, with these hosts allowed too.
    public EgressSettings allowingHosts(List<String> hosts) {
        return new EgressSettings(allow.withHosts(hosts), ownPorts, maxPerTarget, userAgent);
    }
}
