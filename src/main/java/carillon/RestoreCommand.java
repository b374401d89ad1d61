package carillon;

import carillon.config.ConfigurationException;
import carillon.store.SqliteBackup;
import carillon.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `carillon restore`: makes a backup the database of a server that does not run. Exits with 2 when
/// the configuration is wrong, and with 1 when nothing was restored.
@Command(
        name = "restore",
        description = "Make FILE the database of a server that does not run; it starts held.",
        mixinStandardHelpOptions = true)
final class RestoreCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int WRONG_USE = 2;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private Kept kept = new Kept();

    @Parameters(paramLabel = "FILE", description = "What backup has written.")
    private Path file = Path.of("");

    private final InstantSource time;

    RestoreCommand(InstantSource time) {
        this.time = time;
    }

    @Override
    public Integer call() throws IOException {
        try {
            var folder = kept.folder();
            SqliteBackup.restore(file, folder, kept.replace(), time.instant());
            tell(folder);
            return 0;
        } catch (ConfigurationException | Kept.NotSqliteException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return WRONG_USE;
        } catch (StoreException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return FAILED;
        }
    }

    private void tell(Path folder) {
        var out = spec.commandLine().getOut();
        out.printf("%s is restored into %s.%n", file, folder);
        out.println("The server starts held: nothing runs until you say so.");
        out.println("  ./carillon serve                        starts it");
        out.println("  ./carillon release                      lists what would run");
        out.println("  ./carillon release --missed skip|run    lets it go");
    }
}
