package carillon.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/// A database in a directory of its own.
final class SqliteFixture implements Fixture {
    private final Path directory;
    private final Time time = new Time();
    private final Stores stores;

    SqliteFixture() {
        try {
            directory = Files.createTempDirectory("carillon-store");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        stores = Stores.open(new StoreSettings.Sqlite(directory), Some.CODEC, Some.LISTS, time);
    }

    @Override
    public Stores stores() {
        return stores;
    }

    @Override
    public Time time() {
        return time;
    }

    @Override
    public void close() {
        stores.close();
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(java.io.File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
