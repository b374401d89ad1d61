package carillon.prompt;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// The prompts and their versions. Each method is one transaction and, where it writes, durable
/// when it returns.
public interface PromptStore {
    /// A new id, unused so far.
    PromptId newId();

    /// Writes a prompt with its first version; returns false, and changes nothing, when another has
    /// its name.
    boolean create(PromptVersion first);

    Optional<Prompt> find(PromptId id);

    Optional<Prompt> find(String name);

    List<Prompt> list(PromptQuery query);

    enum Addition {
        DONE,
        /// The prompt is no longer at the expected version, or is gone. Nothing has changed.
        OVERTAKEN,
        /// Another prompt has the version's name. Nothing has changed.
        NAME_TAKEN
    }

    /// Adds a version and makes it the one in force, if the prompt's version still is
    /// `expectedVersion`.
    Addition addVersion(PromptVersion version, int expectedVersion);

    /// Newest first, those below `before`.
    List<PromptVersion> versions(PromptId id, long before, int limit);

    Optional<PromptVersion> version(PromptId id, int version);

    /// Removes the prompt with its versions, if it still is at `expectedVersion` where one is
    /// given; returns false, and changes nothing, when it is not or there is none.
    boolean delete(PromptId id, OptionalInt expectedVersion);
}
