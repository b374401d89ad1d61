package carillon.cluster;

import static java.util.Objects.requireNonNull;

import java.util.function.Consumer;

/// What nodes that share a database tell each other, so that nobody needs to look for it. Notices
/// are only hints: each can get lost, and everybody looks by himself now and then.
public interface Bulletin extends AutoCloseable {
    /// What a notice is about.
    enum Kind {
        /// There are runs to be claimed.
        DUE,
        /// A run has ended that another, its `parent`, sees to.
        ENDED,
        /// A run has been cancelled.
        CANCELLED
    }

    /// `run` and `parent` are ids, 0 where there is none.
    record Notice(Kind kind, long run, long parent) {
        public static final Notice DUE = new Notice(Kind.DUE, 0, 0);

        public Notice {
            requireNonNull(kind, "kind");
        }
    }

    /// Tells all other nodes, soon. Never blocks.
    void tell(Notice notice);

    /// Who hears, on a thread of the bulletin, what other nodes tell. There is one.
    void follow(Consumer<Notice> reader);

    @Override
    void close();

    /// Of a node that has no others.
    Bulletin ALONE =
            new Bulletin() {
                @Override
                public void tell(Notice notice) {}

                @Override
                public void follow(Consumer<Notice> reader) {}

                @Override
                public void close() {}
            };
}
