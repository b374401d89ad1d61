package carillon.egress;

import carillon.egress.MailReply.Accepted;
import carillon.egress.MailReply.Failed;
import carillon.egress.MailReply.Refused;
import carillon.schedule.DurationText;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Authenticator;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.eclipse.angus.mail.smtp.SMTPTransport;

/// Hands mails to mail servers, over connections to addresses that the guard has let out. Blocking,
/// for any number of virtual threads at once.
public final class Mailer {
    private static final Logger log = System.getLogger(Mailer.class.getName());
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_SAID = 200;

    private final Guard guard;
    private final Deadlines deadlines;

    Mailer(Guard guard, Deadlines deadlines) {
        this.guard = guard;
        this.deadlines = deadlines;
    }

    /// Sends the mail within `timeout`. When the calling virtual thread is interrupted the
    /// connection is closed, and [InterruptedException] thrown.
    public MailReply send(MailServer server, Mail mail, Duration timeout)
            throws InterruptedException {
        List<InetSocketAddress> addresses;
        try {
            addresses = guard.resolve(server.host(), server.port());
        } catch (RefusedTargetException e) {
            return new Refused(e.getMessage());
        } catch (UnknownHostException e) {
            return new Failed("unknown host " + server.host());
        }
        try (var socket = new Socket()) {
            try (var deadline = deadlines.in(timeout, () -> close(socket))) {
                var reply = send(server, mail, socket, addresses);
                if (Thread.interrupted()) {
                    throw new InterruptedException("while sending a mail");
                }
                return deadline.isOver() && reply instanceof Failed
                        ? new Failed("not sent within " + DurationText.write(timeout))
                        : reply;
            }
        } catch (IOException e) {
            log.log(Level.DEBUG, "closing a connection to a mail server", e);
            return new Failed("the connection to " + server.where() + " broke");
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            log.log(Level.DEBUG, "closing a connection whose time was over", e);
        }
    }

    private static MailReply send(
            MailServer server, Mail mail, Socket socket, List<InetSocketAddress> addresses) {
        Socket open;
        try {
            open = connect(server, socket, addresses.getFirst());
        } catch (IOException e) {
            log.log(Level.DEBUG, "no connection to a mail server", e);
            return new Failed("could not connect to " + server.where());
        }
        try {
            hand(server, mail, open);
            return new Accepted();
        } catch (MessagingException e) {
            return reply(server, e);
        }
    }

    /// The address gets the name that it was looked up by: nobody asks for its name again, and it
    /// is that name that the server's certificate must have.
    private static Socket connect(MailServer server, Socket socket, InetSocketAddress to)
            throws IOException {
        var named = InetAddress.getByAddress(server.host(), to.getAddress().getAddress());
        socket.connect(
                new InetSocketAddress(named, to.getPort()),
                Math.toIntExact(CONNECT_TIMEOUT.toMillis()));
        if (!server.isSecureAtOnce()) {
            return socket;
        }
        var factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        var secure = (SSLSocket) factory.createSocket(socket, server.host(), server.port(), true);
        var parameters = secure.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secure.setSSLParameters(parameters);
        secure.startHandshake();
        return secure;
    }

    private static void hand(MailServer server, Mail mail, Socket socket)
            throws MessagingException {
        var session = Session.getInstance(properties(server, socket), authenticator(server));
        var message = new Identified(session, mail);
        if (!(session.getTransport("smtp") instanceof SMTPTransport transport)) {
            throw new IllegalStateException("the mail library has no SMTP of its own");
        }
        transport.connect(socket);
        transport.sendMessage(message, message.getAllRecipients());
        try {
            transport.close();
        } catch (MessagingException e) {
            // The mail is the server's already.
            log.log(Level.DEBUG, "taking leave of a mail server", e);
        }
    }

    private static Properties properties(MailServer server, Socket socket) {
        var properties = new Properties();
        var here = socket.getLocalAddress().getHostAddress();
        boolean startTls = server.startTls() && !server.isSecureAtOnce();
        properties.put(
                "mail.smtp.localhost",
                here.contains(":") ? "[IPv6:" + here + "]" : "[" + here + "]");
        properties.put("mail.smtp.auth", Boolean.toString(server.login().isPresent()));
        server.login().ifPresent(login -> properties.put("mail.smtp.user", login.username()));
        properties.put("mail.smtp.starttls.enable", Boolean.toString(startTls));
        properties.put("mail.smtp.starttls.required", Boolean.toString(startTls));
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        return properties;
    }

    private static Authenticator authenticator(MailServer server) {
        return new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                var login = server.login().orElseThrow();
                return new PasswordAuthentication(login.username(), login.password());
            }
        };
    }

    /// A message that keeps its id when it is sent again.
    private static final class Identified extends MimeMessage {
        private final String id;

        private Identified(Session session, Mail mail) throws MessagingException {
            super(session);
            var domain = mail.from().substring(mail.from().lastIndexOf('@') + 1);
            id = "<" + mail.id() + "@" + domain + ">";
            setFrom(new InternetAddress(mail.from(), true));
            for (var to : mail.to()) {
                addRecipient(Message.RecipientType.TO, new InternetAddress(to, true));
            }
            setSubject(mail.subject(), StandardCharsets.UTF_8.name());
            setText(mail.text(), StandardCharsets.UTF_8.name());
            setHeader("Auto-Submitted", "auto-generated");
            saveChanges();
        }

        @Override
        protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", id);
        }
    }

    private static MailReply reply(MailServer server, MessagingException fault) {
        if (fault instanceof AuthenticationFailedException) {
            // The administrator may set it right before the last try.
            return new Failed(server.where() + " did not accept the login");
        }
        for (Exception next = fault;
                next instanceof MessagingException at;
                next = at.getNextException()) {
            var code = code(at);
            if (code.isPresent()) {
                var said = server.where() + " answered " + said(at, server);
                return code.get() >= 500 ? new Refused(said) : new Failed(said);
            }
        }
        log.log(Level.DEBUG, "a mail was not taken", fault);
        return new Failed(said(fault, server) + ", says the connection to " + server.where());
    }

    private static Optional<Integer> code(MessagingException fault) {
        return switch (fault) {
            case SMTPAddressFailedException address -> Optional.of(address.getReturnCode());
            case SMTPSenderFailedException sender -> Optional.of(sender.getReturnCode());
            case SMTPSendFailedException send -> Optional.of(send.getReturnCode());
            case MessagingException _ -> Optional.empty();
        };
    }

    /// One line of what the server said.
    private static String said(MessagingException fault, MailServer server) {
        var text = String.valueOf(fault.getMessage()).strip();
        var line = text.lines().findFirst().orElse("").strip();
        var clean = server.login().map(login -> line.replace(login.password(), "***")).orElse(line);
        return clean.length() > MAX_SAID ? clean.substring(0, MAX_SAID) + "…" : clean;
    }
}
