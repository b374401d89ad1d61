package carillon.faults;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.json.Json;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `carillon batch run` in a process of its own, killed in the middle as kill -9 does it.
final class BatchKillTest {
    private static final int ROWS = 3_000;
    private static final int CONCURRENCY = 16;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir private Path folder;
    private final Map<String, Integer> asked = new ConcurrentHashMap<>();
    private HttpServer model;

    @BeforeEach
    void open() throws IOException {
        model = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        model.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        model.createContext("/", this::answer);
        model.start();
    }

    @AfterEach
    void close() {
        model.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var question = Json.read(exchange.getRequestBody().readAllBytes());
            var text = question.path("messages").path(0).path("content").asText();
            asked.merge(text, 1, Integer::sum);
            var answer = Json.object();
            var choice = answer.putArray("choices").addObject();
            choice.put("index", 0).put("finish_reason", "stop");
            choice.putObject("message").put("role", "assistant").put("content", "as to " + text);
            answer.putObject("usage")
                    .put("prompt_tokens", 5)
                    .put("completion_tokens", 7)
                    .put("total_tokens", 12);
            var body = Json.write(answer).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Process batch(String output, String... more) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"));
        command.add(
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path")));
        command.addAll(List.of("carillon.Main", "batch", "run", "in.csv", "-o", output));
        command.addAll(List.of("--model", "gpt-x", "--concurrency", "" + CONCURRENCY));
        command.addAll(List.of(more));
        var builder =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("log").toFile());
        var address = "http://127.0.0.1:" + model.getAddress().getPort() + "/v1";
        builder.environment().put("OPENAI_BASE_URL", address);
        return builder.start();
    }

    private void end(Process process) throws IOException, InterruptedException {
        boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        process.destroyForcibly();
        var said = Files.readString(folder.resolve("log"));
        assertThat(ended).as(said).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
    }

    private void writeInput() throws IOException {
        var text = new StringBuilder("id,prompt\n");
        for (int i = 0; i < ROWS; i++) {
            text.append("r").append(i).append(",\"question, ").append(i).append("\"\n");
        }
        Files.writeString(folder.resolve("in.csv"), text);
    }

    private String withoutTimes(String output) throws IOException {
        return Files.readString(folder.resolve(output))
                .replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "TIME");
    }

    @Test
    void a_killed_batch_goes_on_and_its_output_is_that_of_an_undisturbed_one()
            throws IOException, InterruptedException {
        writeInput();
        end(batch("whole.csv"));
        assertThat(asked).hasSize(ROWS);
        asked.clear();

        var killed = batch("out.csv");
        Awaitility.await().atMost(PATIENCE).until(() -> asked.size() > ROWS / 3);
        killed.destroyForcibly().waitFor();
        assertThat(folder.resolve("out.csv")).doesNotExist();
        assertThat(asked.size()).isLessThan(ROWS);
        end(batch("out.csv", "--resume"));

        assertThat(withoutTimes("out.csv")).isEqualTo(withoutTimes("whole.csv"));
        // Those under way, and those whose answers were on their way to the disk.
        long twice = asked.values().stream().filter(times -> times > 1).count();
        assertThat(twice).isLessThanOrEqualTo(8 * CONCURRENCY);
        assertThat(asked.values()).allSatisfy(times -> assertThat(times).isLessThanOrEqualTo(2));
        assertThat(folder.resolve("out.csv.batch")).doesNotExist();
    }
}
