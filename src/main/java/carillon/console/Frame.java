package carillon.console;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/// What stands around a page: its title, and who has signed in; without them there is nothing to
/// choose from. `administers` says whether there is what only administrators see.
public record Frame(String title, Optional<String> caller, boolean administers) {
    public Frame {
        requireNonNull(title, "title");
        requireNonNull(caller, "caller");
    }

    /// What the address of every file has in it, so that a browser may keep files for ever.
    public String assets() {
        return AssetRoutes.PATH;
    }
}
