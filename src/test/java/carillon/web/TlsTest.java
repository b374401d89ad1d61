package carillon.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
final class TlsTest {
    private static final InetSocketAddress ANY_PORT =
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);

    @TempDir private Path folder;
    private TlsFiles files = new TlsFiles(Path.of("none"), Path.of("none"));

    @BeforeEach
    void name() {
        files = new TlsFiles(folder.resolve("certificate.pem"), folder.resolve("key.pem"));
    }

    private WebServer server() {
        var settings =
                new WebSettings(
                        ANY_PORT,
                        Map.of("small", ANY_PORT),
                        OptionalInt.empty(),
                        WebSettings.Limits.DEFAULT);
        return new WebServer(
                settings.withTls(files),
                List.of(new SmallApi("small", Api.Access.KEY)),
                new Authenticators(
                        _ -> Optional.of(new Principal("ada", Permission.ADMINISTER)),
                        Optional.empty()),
                _ -> Optional.empty(),
                InstantSource.system());
    }

    /// A client that trusts the one certificate and, as every client, minds the name in it.
    private static HttpClient client(SelfMade trusted) throws Exception {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, new char[0]);
        store.setCertificateEntry("trusted", trusted.certificate());
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(context).build();
    }

    private static String get(HttpClient client, int port, String path) throws Exception {
        var request =
                HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path))
                        .header("Authorization", "Bearer key")
                        .build();
        var answer = client.send(request, BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.body();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519"})
    void every_listener_speaks_https_with_the_certificate(String algorithm) throws Exception {
        var made = SelfMade.in(folder, "first", algorithm);
        made.write(files);
        var server = server();
        server.start();
        try (var client = client(made)) {
            assertThat(get(client, server.port(), "/small/things/7")).startsWith("200 ");
            assertThat(get(client, server.portOf("small"), "/things/7")).startsWith("200 ");
        } finally {
            server.stop(Duration.ofSeconds(5));
        }
    }

    @Test
    void nothing_is_answered_without_tls() throws Exception {
        SelfMade.in(folder, "first", "EC").write(files);
        var server = server();
        server.start();
        try (var socket = new Socket(ANY_PORT.getAddress(), server.port())) {
            var request = "GET /small/health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            assertThat(said(socket)).doesNotContain("HTTP/1.1");
        } finally {
            server.stop(Duration.ofSeconds(5));
        }
    }

    /// What the other end says until it closes, in whichever way.
    private static String said(Socket socket) {
        try {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException _) {
            return "";
        }
    }

    @Test
    void a_new_certificate_is_shown_to_new_clients_and_old_connections_go_on() throws Exception {
        var first = SelfMade.in(folder, "first", "EC");
        var second = SelfMade.in(folder, "second", "RSA");
        first.write(files);
        var server = server();
        server.start();
        try (var open =
                (SSLSocket)
                        SelfMade.trusting()
                                .getSocketFactory()
                                .createSocket("127.0.0.1", server.port())) {
            open.startHandshake();
            assertThat(server.reloadCertificate()).as("nothing has changed").isFalse();

            second.writeCertificate(files.certificate());
            assertThat(server.reloadCertificate()).as("the key is the old one").isFalse();
            assertThat(SelfMade.shownAt(server.port())).isEqualTo(first.certificate());

            second.write(files);
            assertThat(server.reloadCertificate()).isTrue();
            assertThat(SelfMade.shownAt(server.port())).isEqualTo(second.certificate());
            assertThat(SelfMade.shownAt(server.portOf("small"))).isEqualTo(second.certificate());

            Files.delete(files.key());
            assertThat(server.reloadCertificate()).as("there is no key").isFalse();
            assertThat(SelfMade.shownAt(server.port())).isEqualTo(second.certificate());

            var request =
                    String.join(
                            "\r\n",
                            "GET /small/things/7 HTTP/1.1",
                            "Host: a",
                            "Authorization: Bearer key",
                            "Connection: close",
                            "",
                            "");
            open.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            assertThat(said(open)).startsWith("HTTP/1.1 200");
        } finally {
            server.stop(Duration.ofSeconds(5));
        }
    }

    @Test
    void what_is_no_certificate_and_its_key_stops_the_start_and_says_which_file() throws Exception {
        var first = SelfMade.in(folder, "first", "EC");
        var other = SelfMade.in(folder, "other", "EC");
        var rsa = SelfMade.in(folder, "rsa", "RSA");
        first.write(files);
        Files.writeString(files.key(), SelfMade.pem("PRIVATE KEY", other.key().getEncoded()));
        refused("tls.key", "is not the key of tls.certificate");
        Files.writeString(files.key(), SelfMade.pem("PRIVATE KEY", rsa.key().getEncoded()));
        refused("tls.key", "is not a key for EC");
        Files.writeString(files.key(), SelfMade.pem("PRIVATE KEY", new byte[] {1, 2, 3}));
        refused("tls.key", "is not a key for EC");
        Files.writeString(files.key(), SelfMade.pem("EC PRIVATE KEY", first.key().getEncoded()));
        refused("tls.key", "must be in PKCS #8", "openssl pkcs8 -topk8 -nocrypt");
        Files.writeString(
                files.key(), SelfMade.pem("ENCRYPTED PRIVATE KEY", first.key().getEncoded()));
        refused("tls.key", "has a password");
        Files.writeString(files.key(), "secret stuff");
        refused("tls.key", "has no private key in PEM form");

        first.write(files);
        Files.writeString(files.certificate(), "");
        refused("tls.certificate", "has no certificate in it");
        Files.writeString(files.certificate(), "-----BEGIN CERTIFICATE-----\nAAAA\n");
        refused("tls.certificate", "is not a certificate");
        Files.delete(files.certificate());
        refused("tls.certificate", "cannot be read");
    }

    private void refused(String... words) {
        assertThatThrownBy(this::server)
                .isInstanceOf(ListenException.class)
                .hasMessageContainingAll(words)
                .hasMessageNotContaining("secret stuff");
    }
}
