package carillon.perform;

import carillon.egress.Egress;
import carillon.egress.EgressReply;
import carillon.egress.EgressRequest;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The one HTTP exchange of a question, made through [Egress] on behalf of a provider's client. It
/// remembers what came back, which the client's own exceptions tell only in part.
final class ChatExchange implements HttpClient {
    private final Egress egress;
    private final Duration timeout;
    private Optional<EgressReply> reply = Optional.empty();
    private Optional<InterruptedException> interruption = Optional.empty();

    ChatExchange(Egress egress, Duration timeout) {
        this.egress = egress;
        this.timeout = timeout;
    }

    /// What came back; empty while nothing has been sent.
    Optional<EgressReply> reply() {
        return reply;
    }

    void throwIfInterrupted() throws InterruptedException {
        if (interruption.isPresent()) {
            throw interruption.get();
        }
    }

    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) {
        try {
            reply = Optional.of(egress.send(outgoing(request)));
        } catch (InterruptedException e) {
            interruption = Optional.of(e);
        }
        if (reply.isEmpty() || !(reply.get() instanceof EgressReply.Answer answer)) {
            throw new LangChain4jException("no answer came");
        }
        if (answer.status() < 200 || answer.status() > 299) {
            throw new HttpException(answer.status(), answer.phrase());
        }
        var headers = new LinkedHashMap<String, List<String>>();
        answer.headers().forEach((name, value) -> headers.put(name, List.of(value)));
        return SuccessfulHttpResponse.builder()
                .statusCode(answer.status())
                .headers(headers)
                .body(answer.body())
                .build();
    }

    private EgressRequest outgoing(HttpRequest request) {
        var headers = new LinkedHashMap<String, String>();
        request.headers()
                .forEach(
                        (name, values) -> {
                            // Who calls is for Egress to say.
                            if (!values.isEmpty() && !name.equalsIgnoreCase("User-Agent")) {
                                headers.put(name, String.join(", ", values));
                            }
                        });
        return new EgressRequest(
                request.method().name(),
                URI.create(request.url()),
                Map.copyOf(headers),
                Optional.ofNullable(request.body()),
                timeout,
                Egress.MAX_READ);
    }

    @Override
    public void execute(
            HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
        throw new UnsupportedOperationException("answers are read whole");
    }

    /// Hands this exchange to a client. Its time is set already, so what a client asks for is only
    /// remembered.
    HttpClientBuilder builder() {
        return new Builder(this);
    }

    private static final class Builder implements HttpClientBuilder {
        private final ChatExchange exchange;
        private Duration connectTimeout;
        private Duration readTimeout;

        private Builder(ChatExchange exchange) {
            this.exchange = exchange;
            this.connectTimeout = exchange.timeout;
            this.readTimeout = exchange.timeout;
        }

        @Override
        public Duration connectTimeout() {
            return connectTimeout;
        }

        @Override
        public HttpClientBuilder connectTimeout(Duration wanted) {
            connectTimeout = wanted;
            return this;
        }

        @Override
        public Duration readTimeout() {
            return readTimeout;
        }

        @Override
        public HttpClientBuilder readTimeout(Duration wanted) {
            readTimeout = wanted;
            return this;
        }

        @Override
        public HttpClient build() {
            return exchange;
        }
    }
}
