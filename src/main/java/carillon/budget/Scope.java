package carillon.budget;

/// What a stored budget is for.
public enum Scope {
    /// All paid calls.
    INSTALLATION,
    /// Those of tasks with a tag: its name, or its name and value as `name=value`.
    TAG,
    /// Those of a model, by the name that tasks call it.
    MODEL,
    /// Those of task versions that a key or user has made, as `created_by` says, with or without
    /// the `key:` before it.
    KEY
}
