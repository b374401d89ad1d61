package carillon.courier;

import carillon.egress.Mail;
import carillon.egress.MailReply;
import carillon.egress.MailServer;
import carillon.egress.Mailer;
import carillon.outbox.Carried;
import carillon.outbox.Outbox;
import carillon.processor.MailAddresses;
import carillon.processor.ProcessorSettings;
import carillon.processor.ProcessorType;
import java.util.Optional;

/// Sends a mail of plain text by way of the server that the administrator has set.
final class MailSender implements Sender {
    private static final int MAX_SUBJECT = 250;

    private final Mailer mailer;

    MailSender(Mailer mailer) {
        this.mailer = mailer;
    }

    @Override
    public Carried send(Parcel parcel) throws InterruptedException {
        var settings = parcel.settings();
        var from = settings.value("from");
        var server = server(settings);
        if (server.isEmpty() || from.isEmpty()) {
            return new Carried.Failed(
                    "no mail server is set in /processors/email/config", Optional.empty());
        }
        var subject = parcel.optionalConfig("subject").orElse(ProcessorType.DEFAULT_SUBJECT);
        var mail =
                new Mail(
                        parcel.id(),
                        from.get(),
                        MailAddresses.split(parcel.config("to")),
                        parcel.line(subject, MAX_SUBJECT),
                        parcel.text());
        return switch (mailer.send(server.get(), mail, Outbox.TRY_TIME)) {
            case MailReply.Accepted() -> new Carried.Done();
            case MailReply.Failed(var reason) -> new Carried.Failed(reason, Optional.empty());
            case MailReply.Refused(var reason) -> new Carried.Refused(reason);
        };
    }

    private static Optional<MailServer> server(ProcessorSettings settings) {
        var login =
                settings.value("username")
                        .flatMap(
                                name ->
                                        settings.value("password")
                                                .map(word -> new MailServer.Login(name, word)));
        return settings.value("host")
                .map(
                        host ->
                                new MailServer(
                                        host,
                                        Integer.parseInt(settings.value("port").orElse("587")),
                                        !settings.value("starttls").equals(Optional.of("false")),
                                        login));
    }
}
