package carillon.faults;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A Carillon server in a process of its own, which can be killed.
final class ServerProcess {
    static final Duration READY_WITHIN = Duration.ofSeconds(90);

    /// The options of the launcher `carillon` that have a part in how it behaves under load.
    private static final List<String> AS_LAUNCHED =
            List.of(
                    "-XX:+UseSerialGC",
                    "-XX:NewRatio=1",
                    "-XX:SurvivorRatio=3",
                    "-Xms32m",
                    "-XX:MinHeapFreeRatio=20",
                    "-XX:MaxHeapFreeRatio=40",
                    "-Xss512k");

    private static final String CLOCK = "FAULTS_CLOCK_FILE";

    private final Path data;
    private final int port;
    private final HttpClient client;
    private final String more;
    private final Map<String, String> environment;
    private Process process;

    private ServerProcess(
            Path data, int port, HttpClient client, String more, Map<String, String> environment) {
        this.more = more;
        this.environment = environment;
        this.data = data;
        this.port = port;
        this.client = client;
    }

    /// Starts a server and waits until it is ready, or held.
    static ServerProcess start(Path data, int port, HttpClient client)
            throws IOException, InterruptedException {
        return start(data, port, client, "");
    }

    /// The same, with a line more in its configuration.
    static ServerProcess start(Path data, int port, HttpClient client, String more)
            throws IOException, InterruptedException {
        return start(data, port, client, more, Map.of());
    }

    /// The same, with variables more in its environment.
    static ServerProcess start(
            Path data, int port, HttpClient client, String more, Map<String, String> environment)
            throws IOException, InterruptedException {
        var server = new ServerProcess(data, port, client, more, environment);
        server.restart();
        return server;
    }

    /// The environment of a server whose clock is as wrong as `file` says, which is right at first.
    static Map<String, String> clock(Path file) throws IOException {
        setClock(file, Duration.ZERO);
        return Map.of(CLOCK, file.toString());
    }

    static void setClock(Path file, Duration offset) throws IOException {
        var beside = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(beside, Long.toString(offset.toSeconds()));
        Files.move(
                beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /// Starts it again; returns how long it took to be ready.
    Duration restart() throws IOException, InterruptedException {
        long begin = System.nanoTime();
        process =
                java(
                        data.resolve("server.log"),
                        environment.containsKey(CLOCK) ? "carillon.SetClock" : "carillon.Main",
                        List.of(
                                "serve",
                                "--port",
                                Integer.toString(port),
                                "--data",
                                data.toString(),
                                "--config",
                                config().toString()),
                        environment);
        while (!isReady()) {
            var waited = Duration.ofNanos(System.nanoTime() - begin);
            if (!process.isAlive() || waited.compareTo(READY_WITHIN) > 0) {
                process.destroyForcibly();
                throw new IllegalStateException(
                        "the server did not get ready: "
                                + Files.readString(data.resolve("server.log")));
            }
            boolean ended = process.waitFor(20, TimeUnit.MILLISECONDS);
            assert !ended || !process.isAlive();
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private Path config() throws IOException {
        var file = data.resolve("faults.yaml");
        // What is forgotten looks like what is lost.
        var kept = more.contains("retention.runs") ? "" : "retention.runs: 10000000\n";
        Files.writeString(
                file, "egress.allow: [\"127.0.0.1\"]\nrate-limit.enabled: false\n" + kept + more);
        return file;
    }

    private boolean isReady() throws InterruptedException {
        try {
            var request = HttpRequest.newBuilder(uri("/health/ready")).build();
            var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 || answer.body().contains("held");
        } catch (IOException e) {
            return false; // Not listening yet.
        }
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    String key() throws IOException {
        return Files.readString(data.resolve("admin.key")).strip();
    }

    /// As kill -9 does.
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /// Sends it a signal: `STOP` pauses it as a whole, `CONT` lets it go on.
    void signal(String name) throws IOException, InterruptedException {
        var kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        if (kill.waitFor() != 0) {
            throw new IllegalStateException("could not send " + name + " to " + process.pid());
        }
    }

    /// As SIGTERM does; returns the exit code.
    int stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(40, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("the server did not stop within 40 s");
        }
        return process.exitValue();
    }

    long pid() {
        return process.pid();
    }

    /// Starts a class of this program on the JDK and class path of this process, with which it
    /// ends. What is [Planted] holds for it.
    static Process java(Path log, String mainClass, List<String> arguments) throws IOException {
        return java(log, mainClass, arguments, Map.of());
    }

    private static Process java(
            Path log, String mainClass, List<String> arguments, Map<String, String> environment)
            throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(AS_LAUNCHED);
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(classes(mainClass));
        command.add(mainClass);
        command.addAll(arguments);
        var builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        var started = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
        return started;
    }

    /// The program as it is launched, with the archive of its classes, where it has been packaged
    /// and is right; else the classes of the tests.
    private static List<String> classes(String mainClass) {
        var jar = System.getProperty("carillon.faults.jar", "");
        var ahead = System.getProperty(Planted.AHEAD, "");
        if (mainClass.equals("carillon.Main") && ahead.isEmpty() && !jar.isEmpty()) {
            return List.of(
                    "-XX:+AutoCreateSharedArchive",
                    "-XX:SharedArchiveFile=" + jar.replace(".jar", ".jsa"),
                    "-Xlog:cds=off",
                    "-Xlog:cds+dynamic=off",
                    "-cp",
                    jar);
        }
        var own =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        return List.of("-cp", ahead.isEmpty() ? own : ahead + File.pathSeparator + own);
    }
}
