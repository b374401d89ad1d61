package carillon.courier;

import carillon.egress.Egress;
import carillon.processor.ProcessorType;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// A sender for each type of processor.
public final class Senders {
    private final Map<ProcessorType, Sender> byType = new EnumMap<>(ProcessorType.class);

    /// Without a folder for files, none are written.
    public Senders(Egress egress, Optional<FilesRoot> files, InstantSource time) {
        var posting = new Posting(egress, time);
        byType.put(ProcessorType.CONSOLE, new ConsoleSender());
        byType.put(ProcessorType.FILE, new FileSender(files));
        byType.put(ProcessorType.WEBHOOK, new WebhookSender(posting, time));
        byType.put(ProcessorType.SLACK, ChatSenders.slack(posting));
        byType.put(ProcessorType.TEAMS, ChatSenders.teams(posting));
        byType.put(ProcessorType.EMAIL, new MailSender(egress.mailer()));
        byType.put(ProcessorType.GITHUB, new GithubSender(posting));
    }

    Map<ProcessorType, Sender> byType() {
        return byType;
    }
}
