package carillon;

import carillon.cli.CronCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
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
        var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(commandLine(InstantSource.system()).setOut(out).setErr(err).execute(arguments));
    }

    static CommandLine commandLine(InstantSource time) {
        return new CommandLine(new Main())
                .addSubcommand(new DemoCommand(time))
                .addSubcommand(new CronCommand(time));
    }
}
