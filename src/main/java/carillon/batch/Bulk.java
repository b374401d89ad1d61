package carillon.batch;

import static java.util.Objects.requireNonNull;

import carillon.ai.Model;
import carillon.ai.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A provider's own endpoint for many questions at once: they cost less there than by themselves,
/// and are answered when the provider likes. What is handed in together is a parcel.
public interface Bulk extends AutoCloseable {
    /// Takes nothing.
    Bulk NONE = new NoBulk();

    /// Whether questions to this model may be handed in.
    boolean takes(Model model);

    /// The model with what it costs here.
    Model priced(Model model);

    /// Puts aside what the row may cost, until it is [#told] what became of it. Returns false when
    /// there is not enough.
    boolean reserve(Model model, Row row, String name) throws InterruptedException;

    /// The question of a row as a line of a parcel, without its end. `name` is how its answer will
    /// be known.
    String line(Model model, Row row, String name);

    /// Hands a file of lines in. `mark` is how [#find] knows it.
    Handed handIn(Model model, Path lines, String mark) throws InterruptedException;

    /// Looks for the parcel with this mark, which may have been handed in.
    Handed find(Model model, String mark) throws InterruptedException;

    /// What became of a parcel that was to be handed in.
    sealed interface Handed {
        /// The provider has it, and calls it so.
        record In(String id) implements Handed {
            public In {
                requireNonNull(id, "id");
            }
        }

        /// Nobody knows whether the provider has it.
        record Unknown(String reason) implements Handed {
            public Unknown {
                requireNonNull(reason, "reason");
            }
        }

        /// The provider does not have it, and will not take it.
        record Refused(String reason) implements Handed {
            public Refused {
                requireNonNull(reason, "reason");
            }
        }
    }

    Look look(Model model, String id) throws InterruptedException;

    /// How far a parcel is. `results` are the names of files with answers, once it has ended.
    record Look(State state, List<String> results, String reason) {
        public enum State {
            /// It is being worked on.
            WORKING,
            /// All is answered that will be.
            ENDED,
            /// The provider has too much of ours: it did nothing, and may take it later.
            CROWDED,
            /// Nothing will be answered.
            FAILED,
            /// The provider does not say.
            UNKNOWN
        }

        public Look {
            requireNonNull(state, "state");
            results = List.copyOf(results);
            requireNonNull(reason, "reason");
        }
    }

    /// Asks the provider to end a parcel with what is answered so far, which takes a while.
    void recall(Model model, String id) throws InterruptedException;

    /// Appends the lines of a file with results to another file. Returns false when they cannot be
    /// had now.
    boolean fetch(Model model, String result, Path into) throws IOException, InterruptedException;

    /// What a line of results says; empty for one that says nothing.
    Optional<Said> read(Model model, String line);

    /// What became of the question that was handed in by this name.
    record Said(String name, Reply reply) {
        public Said {
            requireNonNull(name, "name");
            requireNonNull(reply, "reply");
        }
    }

    /// The row of that name has this answer, or has none and is asked in another way.
    void told(Model model, String name, Reply reply);

    Habits habits();

    /// What the times of a batch are planned by: how long a recall takes, how long an answer takes
    /// when it is asked for by itself, and how often to [#look].
    record Habits(Duration recalling, Duration answering, Duration betweenLooks) {
        public static final Habits USUAL =
                new Habits(Duration.ofMinutes(10), Duration.ofSeconds(10), Duration.ofSeconds(30));

        public Habits {
            requireNonNull(recalling, "recalling");
            requireNonNull(answering, "answering");
            requireNonNull(betweenLooks, "betweenLooks");
        }
    }

    /// Nothing more will be told.
    @Override
    void close();
}
