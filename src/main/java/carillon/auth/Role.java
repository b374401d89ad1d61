package carillon.auth;

import static java.util.Objects.requireNonNull;

import carillon.web.Permission;

/// What a key is made for; each may do what those before it may.
public enum Role {
    VIEWER(Permission.VIEW),
    OPERATOR(Permission.OPERATE),
    EDITOR(Permission.EDIT),
    ADMIN(Permission.ADMINISTER);

    private final Permission permission;

    Role(Permission permission) {
        this.permission = requireNonNull(permission, "permission");
    }

    /// The most that a key with this role may do.
    public Permission permission() {
        return permission;
    }
}
