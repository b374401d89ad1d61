package carillon.egress;

/// What became of a mail. Reasons are sentences without a capital or a full stop, and hold no
/// password.
public sealed interface MailReply {
    /// The server has taken the mail over.
    record Accepted() implements MailReply {}

    /// It did not come to that, and another time it may.
    record Failed(String reason) implements MailReply {}

    /// The server will never take this mail, or may not be called.
    record Refused(String reason) implements MailReply {}
}
