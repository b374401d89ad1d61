package carillon;

import carillon.cli.CronCommand;
import carillon.cli.ImportCommand;
import carillon.cli.ReleaseCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.logging.LogManager;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/// The program: finds the command that was asked for and runs it.
@Command(
        name = "carillon",
        description = "A self-hosted scheduler for AI work and webhooks.",
        versionProvider = Main.VersionText.class,
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class Main {
    private Main() {}

    static final class VersionText implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"carillon " + Version.TEXT};
        }
    }

    public static void main(String[] arguments) {
        readLogging();
        var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(commandLine(InstantSource.system()).setOut(out).setErr(err).execute(arguments));
    }

    /// Unless the person who started the program has said how to log.
    private static void readLogging() {
        if (System.getProperty("java.util.logging.config.file") != null) {
            return;
        }
        try (var settings = Main.class.getResourceAsStream("/logging.properties")) {
            LogManager.getLogManager().readConfiguration(settings);
        } catch (IOException e) {
            throw new UncheckedIOException("reading the logging settings of the jar", e);
        }
    }

    static CommandLine commandLine(InstantSource time) {
        return new CommandLine(new Main())
                .addSubcommand(new ServeCommand(time))
                .addSubcommand(new BackupCommand())
                .addSubcommand(new RestoreCommand(time))
                .addSubcommand(new ReleaseCommand())
                .addSubcommand(new DemoCommand(time))
                .addSubcommand(new BatchCommand(time).commandLine())
                .addSubcommand(new BenchCommand(time))
                .addSubcommand(new CronCommand(time))
                .addSubcommand(new ImportCommand());
    }
}
