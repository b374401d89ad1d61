package carillon.egress;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.egress.EgressReply.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class BodyReaderTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final Egress egress =
            Egress.open(
                    new EgressSettings(
                            AllowList.of(List.of("127.0.0.0/8")), Set.of(), 100, "Carillon/test"));

    @AfterEach
    void close() {
        egress.close();
    }

    /// Reads at most so many bytes of every body.
    private static final class Reading implements BodyReader {
        private final int max;
        private long count;

        Reading(int max) {
            this.max = max;
        }

        @Override
        public boolean reads(int status, String contentType) {
            return contentType.equals("text/event-stream");
        }

        @Override
        public void read(InputStream body) throws IOException {
            var buffer = new byte[1024];
            int length = body.read(buffer);
            while (length >= 0) {
                count += length;
                if (count >= max) {
                    return;
                }
                length = body.read(buffer);
            }
        }
    }

    @Test
    void a_body_that_is_read_to_its_end_leaves_the_connection_open() throws Exception {
        try (var server = new RawServer(connection -> answerEach(connection, 5_000, 5_000))) {
            for (int i = 0; i < 3; i++) {
                var reading = new Reading(Integer.MAX_VALUE);
                var answer = (Answer) egress.send(get(server, LONG), reading);
                assertThat(reading.count).isEqualTo(5_000);
                assertThat(answer.body()).isEmpty();
                assertThat(answer.cut()).isFalse();
            }
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void a_body_that_is_left_early_is_not_read_on() throws Exception {
        try (var server =
                new RawServer(connection -> answerEach(connection, 900_000_000, 9_000_000))) {
            var reading = new Reading(10_000);
            var answer = (Answer) egress.send(get(server, LONG), reading);
            assertThat(answer.cut()).isTrue();
            assertThat(reading.count).isLessThan(20_000);
        }
    }

    @Test
    void no_more_than_the_bound_is_handed_over() throws Exception {
        int more = Egress.MAX_STREAMED + 1_000_000;
        try (var server = new RawServer(connection -> answerEach(connection, more, more))) {
            var reading = new Reading(Integer.MAX_VALUE);
            var answer = (Answer) egress.send(get(server, LONG), reading);
            assertThat(answer.cut()).isTrue();
            assertThat(reading.count).isEqualTo(Egress.MAX_STREAMED);
        }
    }

    @Test
    void the_time_of_a_body_that_drips_is_bounded() throws Exception {
        try (var server = new RawServer(connection -> answerEach(connection, 100, 50))) {
            var reading = new Reading(Integer.MAX_VALUE);
            var reply = egress.send(get(server, Duration.ofMillis(300)), reading);
            assertThat(reply).isInstanceOf(EgressReply.TimedOut.class);
            assertThat(reading.count).isEqualTo(50);
        }
    }

    private static EgressRequest get(RawServer server, Duration timeout) {
        return new EgressRequest("GET", server.url(), Map.of(), Optional.empty(), timeout, 100);
    }

    /// Announces `length` bytes and sends `sent` of them; waits when these are fewer.
    private static void answerEach(Socket connection, int length, int sent) throws Exception {
        var head =
                """
                HTTP/1.1 200 OK\r
                Content-Type: text/event-stream\r
                Content-Length: %d\r
                \r
                """
                        .formatted(length);
        while (!RawServer.readHead(connection).isEmpty()) {
            var out = connection.getOutputStream();
            RawServer.write(out, head);
            out.write("x".repeat(sent).getBytes(StandardCharsets.US_ASCII));
            out.flush();
            if (sent < length) {
                new CountDownLatch(1).await();
            }
        }
    }
}
