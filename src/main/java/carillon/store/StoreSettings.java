package carillon.store;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/// Which database to open.
public sealed interface StoreSettings {
    /// The embedded database: one file in `directory`, which is made when it does not exist.
    record Sqlite(Path directory) implements StoreSettings {
        public Sqlite {
            requireNonNull(directory, "directory");
        }
    }

    /// A PostgreSQL server, or one that speaks its protocol. `poolSize` bounds the connections that
    /// this process keeps.
    record Postgres(String url, String user, String password, int poolSize)
            implements StoreSettings {
        public static final int DEFAULT_POOL_SIZE = 10;

        public Postgres {
            requireNonNull(url, "url");
            requireNonNull(user, "user");
            requireNonNull(password, "password");
            if (!url.startsWith("jdbc:postgresql:")) {
                throw new IllegalArgumentException("expected jdbc:postgresql://…");
            }
            if (poolSize < 2) {
                throw new IllegalArgumentException("the pool needs at least 2 connections");
            }
        }

        /// Without the password, and without the URL, which can hold one.
        @Override
        public String toString() {
            return "Postgres[user=" + user + ", poolSize=" + poolSize + "]";
        }
    }
}
