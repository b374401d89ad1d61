package carillon.faults;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.json.Json;
import carillon.perform.ChatServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// `carillon batch run in.csv` in a process of its own, with a provider of models beside it that
/// counts what it is asked.
final class BatchProcess implements AutoCloseable {
    static final int CONCURRENCY = 16;
    static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Path folder;
    private final ChatServer provider;
    private final Map<String, Integer> asked = new ConcurrentHashMap<>();

    BatchProcess(Path folder) throws IOException {
        this.folder = folder;
        this.provider = new ChatServer(this::answer);
    }

    private ChatServer.Told answer(ChatServer.Asked heard) {
        var text = heard.body().path("messages").path(0).path("content").asText();
        asked.merge(text, 1, Integer::sum);
        var answer = Json.object();
        var choice = answer.putArray("choices").addObject();
        choice.put("index", 0).put("finish_reason", "stop");
        choice.putObject("message").put("role", "assistant").put("content", "as to " + text);
        answer.putObject("usage")
                .put("prompt_tokens", 5)
                .put("completion_tokens", 7)
                .put("total_tokens", 12);
        return ChatServer.Told.ok(Json.write(answer));
    }

    /// How often each question was asked.
    Map<String, Integer> asked() {
        return asked;
    }

    void writeInput(int rows) throws IOException {
        var text = new StringBuilder("id,prompt\n");
        for (int i = 0; i < rows; i++) {
            text.append("r").append(i).append(",\"question, ").append(i).append("\"\n");
        }
        Files.writeString(folder.resolve("in.csv"), text);
    }

    /// The command that answers `in.csv` in `output`.
    List<String> command(String output, String... more) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"));
        command.add(
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path")));
        command.addAll(List.of("carillon.Main", "batch", "run", "in.csv", "-o", output));
        command.addAll(List.of("--model", "gpt-x", "--concurrency", "" + CONCURRENCY));
        command.addAll(List.of(more));
        return command;
    }

    Process start(List<String> command) throws IOException {
        return start(command, provider.url());
    }

    /// With another provider.
    Process start(List<String> command, URI other) throws IOException {
        var builder =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("log").toFile());
        builder.environment().put("OPENAI_BASE_URL", other.toString());
        return builder.start();
    }

    /// Waits for the end, which must come with this code, and returns what was said.
    String end(Process process, int code) throws IOException, InterruptedException {
        boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        process.destroyForcibly();
        var said = Files.readString(folder.resolve("log"));
        assertThat(ended).as(said).isTrue();
        assertThat(process.exitValue()).as(said).isEqualTo(code);
        return said;
    }

    /// An output, but for when its rows were answered.
    String withoutTimes(String output) throws IOException {
        return Files.readString(folder.resolve(output))
                .replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "TIME");
    }

    @Override
    public void close() {
        provider.close();
    }
}
