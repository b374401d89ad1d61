package carillon;

import carillon.ai.AdministratorModels;
import carillon.config.ConfigProblem;
import carillon.config.ModelVariables;
import carillon.config.PriceFile;
import carillon.demo.Demo;
import carillon.schedule.DurationText;
import carillon.secret.SecretException;
import carillon.store.StoreException;
import carillon.web.ListenException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `carillon demo`: a server with sample tasks, told fire by fire.
@Command(
        name = "demo",
        description = "Start a server with sample tasks and show every fire as it happens.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    private static final int LEDGER_WRONG = 1;
    private static final int CANNOT_START = 2;

    private final InstantSource time;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--for",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "Stop after this time (for example 20s) and print the ledger.")
    private Optional<Duration> length = Optional.empty();

    @Option(names = "--data", paramLabel = "DIR", description = "Default: a temporary folder.")
    private Optional<Path> data = Optional.empty();

    @Option(
            names = "--port",
            defaultValue = "7700",
            description = "Default: ${DEFAULT-VALUE}; 0 takes any free one.")
    private int port;

    DemoCommand(InstantSource time) {
        this.time = time;
    }

    static final class DurationConverter implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            return DurationText.parse(text);
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var wrong = new ArrayList<ConfigProblem>();
        var granted =
                ModelVariables.read(
                        System.getenv(),
                        (variable, message) -> wrong.add(new ConfigProblem(variable, "", message)));
        if (!wrong.isEmpty()) {
            wrong.forEach(spec.commandLine().getErr()::println);
            return CANNOT_START;
        }
        var models = new AdministratorModels(granted.grants(), List.of(), PriceFile.shipped());
        var folder = data.isPresent() ? data.get() : Files.createTempDirectory("carillon-demo-");
        var files = Files.createDirectories(folder.resolve("files"));
        var stop = new StopSignal();
        try (var server = Server.start(Plans.demo(folder, files, port, models), time)) {
            var out = spec.commandLine().getOut();
            tell(out, folder, server);
            boolean right = new Demo(server.useCases(), out, time).run(() -> stop.await(length));
            return right ? 0 : LEDGER_WRONG;
        } catch (StoreException | ListenException | SecretException e) {
            spec.commandLine().getErr().println("The demo cannot start: " + e.getMessage());
            return CANNOT_START;
        } finally {
            stop.done();
        }
    }

    private static void tell(PrintWriter out, Path folder, Server server) {
        var here = "http://127.0.0.1:" + server.port();
        out.printf("Carillon is running at %s, with its data in %s%n", here, folder);
        out.printf(
                "  console        %s/console, with the key in %s%n",
                here, folder.resolve("admin.key"));
        out.printf("  Chronos jobs   curl %s/chronos/api/v1/jobs%n", here);
        out.printf(
                "  native tasks   curl -H \"Authorization: Bearer $(cat %s)\""
                        + " %s/api/v1/tasks%n",
                folder.resolve("admin.key"), here);
        out.printf("  health         curl %s/health/ready%n%n", here);
        out.flush();
    }
}
