package carillon.egress;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class MailerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Mail MAIL =
            new Mail(
                    "dlv_77",
                    "carillon@example.com",
                    List.of("ann@example.com", "bob@example.com"),
                    "Grüße \ud83d\udd14",
                    "Über\n.\nlines");

    private final GreenMail target =
            new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    private Egress egress;

    @BeforeEach
    void start() {
        target.start();
        egress = open("127.0.0.1");
    }

    @AfterEach
    void stop() {
        egress.close();
        target.stop();
    }

    private static Egress open(String... allowed) {
        var allow = AllowList.of(List.of(allowed));
        return Egress.open(new EgressSettings(allow, Set.of(), 10, "Carillon test"));
    }

    private MailServer server(boolean startTls, Optional<MailServer.Login> login) {
        return new MailServer("127.0.0.1", target.getSmtp().getPort(), startTls, login);
    }

    private MailReply send(MailServer server) throws InterruptedException {
        return egress.mailer().send(server, MAIL, PATIENCE);
    }

    @Test
    void a_mail_arrives_as_it_was_meant() throws Exception {
        assertThat(send(server(false, Optional.empty()))).isEqualTo(new MailReply.Accepted());

        var got = target.getReceivedMessages();
        assertThat(got).hasSize(2); // One for each box.
        assertThat(got[0].getSubject()).isEqualTo(MAIL.subject());
        assertThat(got[0].getContent().toString().strip().lines()).contains("Über", ".", "lines");
        assertThat(got[0].getMessageID()).isEqualTo("<dlv_77@example.com>");
        assertThat(GreenMailUtil.getAddressList(got[0].getFrom()))
                .isEqualTo("carillon@example.com");
        assertThat(got[0].getAllRecipients()).hasSize(2);
    }

    @Test
    void a_login_is_used_and_a_wrong_one_is_told_without_the_password() throws Exception {
        target.setUser("carillon@example.com", "carillon", "right");
        var right = new MailServer.Login("carillon", "right");
        assertThat(send(server(false, Optional.of(right)))).isEqualTo(new MailReply.Accepted());

        var wrong = new MailServer.Login("carillon", "canary");
        assertThat(wrong).hasToString("carillon");
        assertThat(send(server(false, Optional.of(wrong))))
                .isInstanceOfSatisfying(
                        MailReply.Failed.class,
                        failed ->
                                assertThat(failed.reason())
                                        .endsWith("did not accept the login")
                                        .doesNotContain("canary"));
    }

    @Test
    void where_the_connection_must_be_secure_nothing_is_said_over_one_that_is_not()
            throws Exception {
        target.setUser("carillon@example.com", "carillon", "canary");
        var login = Optional.of(new MailServer.Login("carillon", "canary"));
        assertThat(send(server(true, login))).isInstanceOf(MailReply.Failed.class);
        assertThat(target.getReceivedMessages()).isEmpty();
    }

    @Test
    void a_server_that_the_administrator_has_not_allowed_is_not_called() throws Exception {
        try (var closed = open("10.0.0.0/8")) {
            var reply = closed.mailer().send(server(false, Optional.empty()), MAIL, PATIENCE);
            assertThat(reply)
                    .isInstanceOfSatisfying(
                            MailReply.Refused.class,
                            refused -> assertThat(refused.reason()).contains("egress.allow"));
        }
        assertThat(target.getReceivedMessages()).isEmpty();
    }

    @Test
    void a_port_that_nobody_listens_on_is_told() throws Exception {
        try (var held = new Socket()) {
            held.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            var nobody = new MailServer("127.0.0.1", held.getLocalPort(), false, Optional.empty());
            assertThat(egress.mailer().send(nobody, MAIL, PATIENCE))
                    .isEqualTo(
                            new MailReply.Failed(
                                    "could not connect to 127.0.0.1:" + held.getLocalPort()));
        }
    }

    @Test
    void a_server_that_refuses_for_good_is_told_from_one_that_is_busy() throws Exception {
        assertThat(answering("550 5.1.1 no such user"))
                .isInstanceOfSatisfying(
                        MailReply.Refused.class,
                        refused -> assertThat(refused.reason()).contains("550 5.1.1 no such user"));
        assertThat(answering("450 4.2.1 try again later"))
                .isInstanceOfSatisfying(
                        MailReply.Failed.class,
                        failed -> assertThat(failed.reason()).contains("450 4.2.1 try again"));
    }

    /// The reply of a server that says this to every recipient.
    private MailReply answering(String toRecipients) throws IOException, InterruptedException {
        try (var listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var speaking = Thread.startVirtualThread(() -> speak(listening, toRecipients));
            var server =
                    new MailServer("127.0.0.1", listening.getLocalPort(), false, Optional.empty());
            var reply = egress.mailer().send(server, MAIL, PATIENCE);
            speaking.join();
            return reply;
        }
    }

    private static void speak(ServerSocket listening, String toRecipients) {
        try (var socket = listening.accept();
                var in = socket.getInputStream();
                var out = socket.getOutputStream()) {
            var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
            out.write("220 here\r\n".getBytes(StandardCharsets.US_ASCII));
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                var answer = line.startsWith("RCPT") ? toRecipients : "250 fine";
                out.write((answer + "\r\n").getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_server_that_says_nothing_is_left_when_the_time_is_over() throws Exception {
        try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var server =
                    new MailServer("127.0.0.1", silent.getLocalPort(), false, Optional.empty());
            assertThat(egress.mailer().send(server, MAIL, Duration.ofMillis(200)))
                    .isEqualTo(new MailReply.Failed("not sent within 200ms"));
        }
    }
}
