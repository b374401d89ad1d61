package carillon.perform;

import carillon.egress.BodyReader;
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
    private Optional<EventStream> stream = Optional.empty();
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

    /// Whether a good answer came that is no stream of events: it is there as a whole.
    boolean isWhole() {
        return stream.filter(EventStream::hasBegun).isEmpty()
                && reply.filter(ChatExchange::isGood).isPresent();
    }

    /// The events of the answer, where it was asked for as such.
    Optional<EventStream> stream() {
        return stream;
    }

    private static boolean isGood(EgressReply reply) {
        return reply instanceof EgressReply.Answer answer
                && answer.status() >= 200
                && answer.status() <= 299;
    }

    /// Makes the exchange, unless it was made before; then its answer is given again.
    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) {
        if (reply.isEmpty()) {
            send(request, BodyReader.NONE);
        }
        if (reply.isEmpty() || !(reply.get() instanceof EgressReply.Answer answer)) {
            throw new LangChain4jException("no answer came");
        }
        if (!isGood(answer)) {
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

    private void send(HttpRequest request, BodyReader reader) {
        try {
            reply = Optional.of(egress.send(outgoing(request), reader));
        } catch (InterruptedException e) {
            interruption = Optional.of(e);
        }
    }

    /// Blocks until the answer has ended. Of the parser's task only the events are wanted, which
    /// [EventStream] bounds and finds the end of.
    @Override
    public void execute(
            HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
        var events = new EventStream(listener);
        stream = Optional.of(events);
        send(request, events);
        if (isWhole()) {
            return;
        }
        boolean ended =
                reply.isPresent()
                        && reply.get() instanceof EgressReply.Answer answer
                        && !answer.cut()
                        && isGood(answer)
                        && !events.isBroken();
        if (events.isDone() || ended) {
            listener.onClose();
        } else {
            listener.onError(new LangChain4jException("the answer did not come to its end"));
        }
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
                address(request.url()),
                Map.copyOf(headers),
                Optional.ofNullable(request.body()),
                timeout,
                Egress.MAX_READ);
    }

    private record Address(String text, URI url) {}

    private static volatile Address last = new Address("/", URI.create("/"));

    /// One model after the other is asked at the same address again and again.
    private static URI address(String text) {
        var known = last;
        if (!known.text.equals(text)) {
            known = new Address(text, URI.create(text));
            last = known;
        }
        return known.url;
    }

    private static final ScopedValue<ChatExchange> CURRENT = ScopedValue.newInstance();

    /// Does what asks with a client that was made with [#current] by this exchange.
    void during(Runnable asking) {
        ScopedValue.where(CURRENT, this).run(asking);
    }

    /// As [#during(Runnable)], and returns what came.
    <A> A during(ScopedValue.CallableOp<A, RuntimeException> asking) {
        return ScopedValue.where(CURRENT, this).call(asking);
    }

    /// Hands a client whatever exchange is the current one when it asks.
    static HttpClientBuilder current() {
        return new Builder(new Current());
    }

    private static final class Current implements HttpClient {
        @Override
        public SuccessfulHttpResponse execute(HttpRequest request) {
            return CURRENT.get().execute(request);
        }

        @Override
        public void execute(
                HttpRequest request,
                ServerSentEventParser parser,
                ServerSentEventListener listener) {
            CURRENT.get().execute(request, parser, listener);
        }
    }

    /// Hands out that client.
    static HttpClientBuilder builder(HttpClient client) {
        return new Builder(client);
    }

    private static final class Builder implements HttpClientBuilder {
        private final HttpClient client;
        private Duration connectTimeout = Duration.ofDays(1);
        private Duration readTimeout = Duration.ofDays(1);

        private Builder(HttpClient client) {
            this.client = client;
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
            return client;
        }
    }
}
