package carillon;

import carillon.config.ConfigurationException;
import carillon.store.SqliteBackup;
import carillon.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `carillon backup`: a copy of the SQLite database while the server runs. Exits with 2 when the
/// configuration is wrong, and with 1 when there is no whole copy.
@Command(
        name = "backup",
        description = "Copy the SQLite database into FILE, while the server runs.",
        mixinStandardHelpOptions = true)
final class BackupCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int WRONG_USE = 2;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private Kept kept = new Kept();

    @Parameters(
            paramLabel = "FILE",
            description = "Where to; never replaced unless --replace is given.")
    private Path file = Path.of("");

    @Override
    public Integer call() throws IOException {
        try {
            var folder = kept.folder();
            SqliteBackup.backup(folder, file, kept.replace());
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
        out.printf("%s is a whole copy of the database in %s.%n", file, folder);
        out.println("secret.key is not in it: keep a copy of that elsewhere.");
    }
}
