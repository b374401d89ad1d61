package carillon.store;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Optional;

/// Which database to open.
public sealed interface StoreSettings {
    /// The embedded database: one file in `directory`, which is made when it does not exist. Beside
    /// it `reserve` bytes are kept for a full disk.
    record Sqlite(Path directory, long reserve) implements StoreSettings {
        public static final long DEFAULT_RESERVE = 16L * 1024 * 1024;

        public Sqlite {
            requireNonNull(directory, "directory");
            if (reserve < 0) {
                throw new IllegalArgumentException("a reserve has no less than 0 bytes");
            }
        }

        /// Without a reserve.
        public Sqlite(Path directory) {
            this(directory, 0);
        }
    }

    /// A PostgreSQL server, or one that speaks its protocol. `poolSize` bounds the connections that
    /// this process keeps. With `direct`, `url` leads through a pooler that lends connections for a
    /// transaction at a time, and `direct` to the server itself.
    record Postgres(String url, String user, String password, int poolSize, Optional<String> direct)
            implements StoreSettings {
        public static final int DEFAULT_POOL_SIZE = 10;

        public Postgres {
            requireNonNull(url, "url");
            requireNonNull(user, "user");
            requireNonNull(password, "password");
            requireNonNull(direct, "direct");
            if (!url.startsWith("jdbc:postgresql:")) {
                throw new IllegalArgumentException("expected jdbc:postgresql://…");
            }
            if (poolSize < 2) {
                throw new IllegalArgumentException("the pool needs at least 2 connections");
            }
        }

        /// To the server itself.
        public Postgres(String url, String user, String password, int poolSize) {
            this(url, user, password, poolSize, Optional.empty());
        }

        /// Without the password, and without the URL, which can hold one.
        @Override
        public String toString() {
            return "Postgres[user=" + user + ", poolSize=" + poolSize + "]";
        }
    }
}
