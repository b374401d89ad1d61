package carillon.egress;

import carillon.egress.EgressReply.Answer;
import carillon.egress.EgressReply.Refused;
import carillon.egress.EgressReply.TimedOut;
import carillon.schedule.DurationText;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/// Makes HTTP requests, to addresses that are open to all or allowed by the administrator. Follows
/// no redirects, keeps no cookies, repeats nothing, unpacks nothing. Blocking, for any number of
/// virtual threads at once.
public final class Egress implements AutoCloseable {
    /// How many bytes of an answer's body are read before the connection is closed.
    public static final int MAX_READ = 1024 * 1024;

    /// How many bytes are read of a body that somebody reads as it comes.
    public static final int MAX_STREAMED = 16 * 1024 * 1024;

    private static final int MOST_AT_ONCE = 8 * 1024;

    private static final Duration AFTER_DEADLINE = Duration.ofSeconds(5);
    private static final int MAX_LINE_LENGTH = 16 * 1024;
    private static final int MAX_HEADER_COUNT = 200;
    private static final Timeout CONNECT_TIMEOUT = Timeout.ofSeconds(10);
    private static final TimeValue KEPT_ALIVE = TimeValue.ofSeconds(30);
    private static final TimeValue LIFETIME = TimeValue.ofMinutes(5);

    /// A connection idle for longer is tested before it is used again, since its target may have
    /// closed it. The test costs a millisecond.
    private static final TimeValue TESTED_AFTER = TimeValue.ofMilliseconds(200);

    private static final Set<String> SCHEMES = Set.of("http", "https");
    private static final Set<String> METHODS_WITH_BODY = Set.of("POST", "PUT", "PATCH");

    private final CloseableHttpClient client;
    private final Deadlines deadlines;
    private final SystemNames names;
    private final Guard guard;

    private Egress(CloseableHttpClient client, SystemNames names, Guard guard) {
        this.client = client;
        this.deadlines = new Deadlines();
        this.names = names;
        this.guard = guard;
    }

    public static Egress open(EgressSettings settings) {
        var names = new SystemNames();
        return open(settings, names, names);
    }

    static Egress open(EgressSettings settings, Names lookUps, SystemNames names) {
        var guard = new Guard(lookUps, settings.allow(), settings.ownPorts());
        var connections =
                PoolingHttpClientConnectionManagerBuilder.create()
                        .setConnectionFactory(
                                ManagedHttpClientConnectionFactory.builder()
                                        .http1Config(
                                                Http1Config.custom()
                                                        .setMaxLineLength(MAX_LINE_LENGTH)
                                                        .setMaxHeaderCount(MAX_HEADER_COUNT)
                                                        .build())
                                        .build())
                        .setDnsResolver(guard)
                        .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX)
                        .setMaxConnPerRoute(settings.maxPerTarget())
                        .setDefaultConnectionConfig(
                                ConnectionConfig.custom()
                                        .setConnectTimeout(CONNECT_TIMEOUT)
                                        .setValidateAfterInactivity(TESTED_AFTER)
                                        .setTimeToLive(LIFETIME)
                                        .build())
                        .build();
        var client =
                HttpClients.custom()
                        .setConnectionManager(connections)
                        .setUserAgent(settings.userAgent())
                        .evictExpiredConnections()
                        .evictIdleConnections(KEPT_ALIVE)
                        .disableAuthCaching()
                        .disableAutomaticRetries()
                        .disableConnectionState()
                        .disableContentCompression()
                        .disableCookieManagement()
                        .disableRedirectHandling()
                        .build();
        return new Egress(client, names, guard);
    }

    /// Sends mails by the same rules, as long as this is open.
    public Mailer mailer() {
        return new Mailer(guard, deadlines);
    }

    /// Makes the request and reads the answer. When the calling virtual thread is interrupted the
    /// connection is closed, and [InterruptedException] thrown.
    public EgressReply send(EgressRequest request) throws InterruptedException {
        return send(request, BodyReader.NONE);
    }

    /// The same; a body that the reader wants goes to it as it comes, up to its own most, and is
    /// empty in the answer, where `cut` says whether it was left before its end.
    public EgressReply send(EgressRequest request, BodyReader reader) throws InterruptedException {
        var url = request.url();
        var scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        if (!SCHEMES.contains(scheme) || url.getHost() == null) {
            return new Refused("only http and https URLs with a host are called");
        }
        for (var header : request.headers().entrySet()) {
            if (!HeaderRules.isName(header.getKey()) || !HeaderRules.isValue(header.getValue())) {
                return new Refused("a header has characters that no header may have");
            }
        }
        var target = new HttpHost(scheme, HostNames.bare(url.getHost()), url.getPort());
        var message = message(request);
        var context = HttpClientContext.create();
        try (var deadline = deadlines.in(request.timeout(), message::cancel)) {
            try {
                return exchange(target, message, context, request, reader);
            } catch (RefusedTargetException e) {
                return new Refused(e.getMessage());
            } catch (IOException e) {
                if (Thread.interrupted()) {
                    throw interrupted(e);
                }
                boolean sent = context.getEndpointDetails() != null; // Set once connected.
                return deadline.isOver()
                        ? new TimedOut(
                                "no answer within " + DurationText.write(request.timeout()), sent)
                        : Faults.reply(e, target, sent);
            }
        }
    }

    private static InterruptedException interrupted(Exception cause) {
        var interrupted = new InterruptedException("while calling a target");
        interrupted.initCause(cause);
        return interrupted;
    }

    private static HttpUriRequestBase message(EgressRequest request) {
        var message = new HttpUriRequestBase(request.method(), pathOf(request.url()));
        request.headers().forEach(message::addHeader);
        // The deadline comes first; these are for the case that it does not.
        var timeout = Timeout.of(request.timeout().plus(AFTER_DEADLINE));
        message.setConfig(
                RequestConfig.custom()
                        .setConnectionRequestTimeout(timeout)
                        .setResponseTimeout(timeout)
                        .setConnectionKeepAlive(KEPT_ALIVE)
                        .setRedirectsEnabled(false)
                        .setAuthenticationEnabled(false)
                        .setProtocolUpgradeEnabled(false)
                        .build());
        if (request.body().isPresent() || METHODS_WITH_BODY.contains(request.method())) {
            var bytes = request.body().orElse("").getBytes(StandardCharsets.UTF_8);
            message.setEntity(new ByteArrayEntity(bytes, null));
        }
        return message;
    }

    /// Path and query, without user, host and fragment.
    private static URI pathOf(URI url) {
        var path = Optional.ofNullable(url.getRawPath()).filter(p -> !p.isEmpty()).orElse("/");
        var query = Optional.ofNullable(url.getRawQuery()).map(q -> "?" + q).orElse("");
        var whole = URI.create(path + query);
        var plain = whole.toASCIIString();
        return plain.length() == path.length() + query.length() ? whole : URI.create(plain);
    }

    private EgressReply exchange(
            HttpHost target,
            HttpUriRequestBase message,
            HttpClientContext context,
            EgressRequest request,
            BodyReader reader)
            throws IOException {
        Optional<EgressReply> answer = Optional.empty();
        try (var response = client.executeOpen(target, message, context)) {
            answer = Optional.of(answer(response, body(response, message, request, reader)));
        } catch (IOException e) {
            if (answer.isEmpty() || !message.isCancelled()) {
                throw e;
            }
            // Closing failed, since we left before the end.
        }
        return answer.get();
    }

    private static Body body(
            ClassicHttpResponse response,
            HttpUriRequestBase message,
            EgressRequest request,
            BodyReader reader)
            throws IOException {
        var entity = response.getEntity();
        if (entity == null) {
            return new Body(ByteBuffer.allocate(0), false);
        }
        return reader.reads(response.getCode(), contentType(response))
                ? handOver(entity, message, reader)
                : read(entity, message, request.maxKept());
    }

    private static Body handOver(HttpEntity entity, HttpUriRequestBase message, BodyReader reader)
            throws IOException {
        var body = new Bounded(entity.getContent(), reader.most());
        reader.read(body);
        if (!body.isAtEnd()) {
            message.cancel(); // As below.
        }
        return new Body(ByteBuffer.allocate(0), !body.isAtEnd());
    }

    private record Body(ByteBuffer bytes, boolean cut) {}

    /// Reads to the end, so that the connection can be used again, but no further than [#MAX_READ];
    /// keeps the first `maxKept` bytes.
    private static Body read(HttpEntity entity, HttpUriRequestBase message, int maxKept)
            throws IOException {
        var content = entity.getContent();
        var kept = new byte[Math.min(maxKept, firstRoom(entity))];
        int length = 0;
        int count = 0;
        while (count >= 0) {
            if (length == kept.length) {
                if (length == maxKept) {
                    return passOver(content, message, kept);
                }
                kept = Arrays.copyOf(kept, Math.min(maxKept, 2 * length));
            }
            count = content.read(kept, length, kept.length - length);
            length += Math.max(0, count);
        }
        return new Body(ByteBuffer.wrap(kept, 0, length), false);
    }

    /// Room for an answer of the length that was named, and for the look that finds its end; else
    /// what most answers need.
    private static int firstRoom(HttpEntity entity) {
        long named = entity.getContentLength();
        return named >= 0 && named < MOST_AT_ONCE ? (int) named + 1 : 1024;
    }

    /// Reads what comes after the bytes that are kept.
    private static Body passOver(InputStream content, HttpUriRequestBase message, byte[] kept)
            throws IOException {
        var buffer = new byte[MOST_AT_ONCE];
        int total = kept.length;
        while (total <= MAX_READ) {
            int count = content.read(buffer);
            if (count < 0) {
                return new Body(ByteBuffer.wrap(kept), total > kept.length);
            }
            total += count;
        }
        // Closing the stream would read on to its end.
        message.cancel();
        return new Body(ByteBuffer.wrap(kept), true);
    }

    private static Answer answer(ClassicHttpResponse response, Body body) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (var header : response.getHeaders()) {
            headers.putIfAbsent(header.getName(), String.valueOf(header.getValue()));
        }
        int status = response.getCode();
        return new Answer(
                status,
                Phrases.of(status),
                headers,
                BodyText.decode(body.bytes, contentType(response), body.cut),
                body.cut);
    }

    private static String contentType(ClassicHttpResponse response) {
        var type = response.getFirstHeader("Content-Type");
        return type == null ? "" : String.valueOf(type.getValue());
    }

    @Override
    public void close() {
        deadlines.close();
        names.close();
        client.close(CloseMode.IMMEDIATE);
    }
}
