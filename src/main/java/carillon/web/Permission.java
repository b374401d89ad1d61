package carillon.web;

/// What a caller must be allowed to do for a route. Each includes those before it.
public enum Permission {
    /// Nothing: open to everybody who can reach the port.
    NONE,
    VIEW,
    /// Execute, trigger, replay, retry, test, pause, resume, cancel.
    OPERATE,
    EDIT,
    ADMINISTER
}
