package carillon.web;

import static java.util.Objects.requireNonNull;

/// Who has shown a valid credential, and the most that they may do. `name` is what audit and
/// `created_by` show; it is unique among keys and users.
public record Principal(String name, Permission permission) {
    public Principal {
        requireNonNull(name, "name");
        requireNonNull(permission, "permission");
    }

    /// Whether the permission held includes the one that is `needed`.
    public boolean may(Permission needed) {
        return permission.compareTo(needed) >= 0;
    }
}
