package carillon.cli;

import carillon.importer.CronAi;
import carillon.importer.Crontab;
import carillon.importer.Imports;
import carillon.importer.Imports.Left;
import carillon.json.HttpRules;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `carillon import`: makes tasks of what other schedulers are told. Exits 0 when all was imported,
/// 1 when some lines were not, 2 when it could not be tried.
@Command(
        name = "import",
        description = "Makes tasks of a crontab or of the files of CronAI.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
public final class ImportCommand implements Runnable {
    private static final int ALL = 0;
    private static final int SOME = 1;
    private static final int NOT_TRIED = 2;
    private static final String CONFIG = "cronai.config";
    private static final String PROMPTS = "cron_prompts";

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    static final class Target {
        @Option(
                names = "--dry-run",
                description = "Show what would be made, as native JSON, and ask no server.")
        private boolean dry;

        @Option(
                names = "--server",
                paramLabel = "URL",
                defaultValue = "${env:CARILLON_SERVER:-http://127.0.0.1:7700}",
                description = "The server; default: CARILLON_SERVER, or http://127.0.0.1:7700.")
        private String server = "";

        @Option(
                names = "--key",
                paramLabel = "KEY",
                defaultValue = "${env:CARILLON_KEY:-}",
                description = "A key that may edit; default: CARILLON_KEY.")
        private String key = "";

        @Option(
                names = "--zone",
                paramLabel = "ZONE",
                description = "The time zone where the file names none; default: the server's.")
        private Optional<ZoneId> zone = Optional.empty();
    }

    @Command(
            name = "crontab",
            description = "Commands that are one curl call become HTTP tasks; others are listed.",
            mixinStandardHelpOptions = true)
    int crontab(
            @Mixin Target target,
            @Parameters(paramLabel = "FILE", description = "As crontab -l prints it.") Path file)
            throws InterruptedException {
        var text = read(file);
        return text.isEmpty() ? NOT_TRIED : carryOut(Crontab.read(text.get(), target.zone), target);
    }

    /// What CronAI takes from its environment.
    static final class Surroundings {
        @Option(
                names = "--model",
                paramLabel = "NAME=MODEL",
                description =
                        "Which model openai, claude or gemini stands for where a line names none.")
        private Map<String, String> models = new HashMap<>();

        @Option(
                names = "--slack-url",
                paramLabel = "URL",
                description = "The incoming webhook of the lines with slack.")
        private Optional<String> slack = Optional.empty();

        @Option(
                names = "--teams-url",
                paramLabel = "URL",
                description = "The incoming webhook of the lines with teams.")
        private Optional<String> teams = Optional.empty();
    }

    @Command(
            name = "cronai",
            description = "Lines of cronai.config become tasks, with their prompts and models.",
            mixinStandardHelpOptions = true)
    int cronai(
            @Mixin Target target,
            @Mixin Surroundings around,
            @Parameters(
                            paramLabel = "DIR|FILE",
                            description =
                                    "A folder with cronai.config and cron_prompts, or the file.")
                    Path place)
            throws InterruptedException {
        var file = Files.isDirectory(place) ? place.resolve(CONFIG) : place;
        var text = read(file);
        if (text.isEmpty()) {
            return NOT_TRIED;
        }
        var hooks = new HashMap<String, String>();
        around.slack.ifPresent(url -> hooks.put("slack", url));
        around.teams.ifPresent(url -> hooks.put("teams", url));
        var prompts = file.toAbsolutePath().resolveSibling(PROMPTS).normalize();
        var surroundings =
                new CronAi.Surroundings(
                        name -> prompt(prompts, name), target.zone, around.models, hooks);
        return carryOut(CronAi.read(text.get(), surroundings), target);
    }

    private Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException e) {
            err().println(file + " cannot be read: " + e.getClass().getSimpleName());
            return Optional.empty();
        }
    }

    /// Only files that lie in the folder; what cannot be read is as if it were not there.
    private static Optional<String> prompt(Path folder, String name) {
        try {
            var file = folder.resolve(name + ".md").normalize();
            return file.startsWith(folder) && Files.isRegularFile(file)
                    ? Optional.of(Files.readString(file))
                    : Optional.empty();
        } catch (IOException | InvalidPathException _) {
            return Optional.empty();
        }
    }

    private int carryOut(Imports imports, Target target) throws InterruptedException {
        if (target.dry) {
            out().println(ImportPlan.of(imports));
            return imports.left().isEmpty() ? ALL : SOME;
        }
        var fault = HttpRules.urlFault(target.server);
        if (fault.isPresent()) {
            err().println("--server " + fault.get());
            return NOT_TRIED;
        }
        if (target.key.isBlank()) {
            err().println("a key is needed: give it with --key, or set CARILLON_KEY");
            return NOT_TRIED;
        }
        imports.notes().forEach(note -> err().printf("line %d: %s%n", note.line(), note.message()));
        var left = new ArrayList<>(imports.left());
        try (var server = ServerCalls.to(URI.create(target.server), target.key.strip())) {
            left.addAll(new ImportRun(server, out()).make(imports));
        } catch (ServerCallException e) {
            err().println(e.getMessage());
            return NOT_TRIED;
        }
        tell(left);
        return left.isEmpty() ? ALL : SOME;
    }

    private void tell(List<Left> left) {
        left.sort(Comparator.comparingInt(Left::line));
        for (var one : left) {
            err().printf("line %d not imported: %s: %s%n", one.line(), one.text(), one.reason());
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
