package carillon.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.OutputStream;

/// A new PostgreSQL server with its own settings, durable ones included: prints the JDBC URL of an
/// empty database and runs until its input ends.
final class PostgresServer {
    private PostgresServer() {}

    public static void main(String[] arguments) throws IOException {
        try (var postgres = EmbeddedPostgres.builder().start()) {
            System.out.println(postgres.getJdbcUrl("postgres", "postgres"));
            System.out.flush();
            System.in.transferTo(OutputStream.nullOutputStream());
        }
    }
}
