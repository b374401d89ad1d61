package carillon.perform;

import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import java.util.Map;
import java.util.Optional;

/// An exchange in which nothing is sent: it shows what a provider's client would send, and what the
/// client makes of an answer that came in another way.
final class Rehearsal implements HttpClient {
    private final String answer;
    private Optional<String> sent = Optional.empty();

    /// The client is given this body.
    Rehearsal(String answer) {
        this.answer = answer;
    }

    /// The body that the client would send.
    Optional<String> sent() {
        return sent;
    }

    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) {
        sent = Optional.ofNullable(request.body());
        return SuccessfulHttpResponse.builder()
                .statusCode(200)
                .headers(Map.of())
                .body(answer)
                .build();
    }

    @Override
    public void execute(
            HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
        throw new IllegalStateException("answers are rehearsed as a whole");
    }

    HttpClientBuilder builder() {
        return ChatExchange.builder(this);
    }
}
