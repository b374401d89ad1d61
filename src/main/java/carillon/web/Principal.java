package carillon.web;

import static java.util.Objects.requireNonNull;

import java.util.Set;

/// Who has shown a valid credential, and the most that they may do. `name` is what audit and
/// `created_by` show; it is unique among keys and users. `apis` are the names of those that the
/// credential is for: all, when there are none.
public record Principal(String name, Permission permission, Set<String> apis) {
    public Principal {
        requireNonNull(name, "name");
        requireNonNull(permission, "permission");
        apis = Set.copyOf(apis);
    }

    /// One whose credential is for every API.
    public Principal(String name, Permission permission) {
        this(name, permission, Set.of());
    }

    /// Whether the credential is for the API of this name.
    public boolean mayUse(String api) {
        return apis.isEmpty() || apis.contains(api);
    }

    /// Whether the permission held includes the one that is `needed`.
    public boolean may(Permission needed) {
        return permission.compareTo(needed) >= 0;
    }
}
