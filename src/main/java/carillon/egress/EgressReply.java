package carillon.egress;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What became of a request. Reasons are sentences without a capital or a full stop, and hold no
/// credentials.
public sealed interface EgressReply {
    /// The target answered. Of a header that comes twice, `headers`, whose names have no case,
    /// holds the first. `body` is decoded by the answer's charset; `cut` says that there was more.
    record Answer(int status, String phrase, Map<String, String> headers, String body, boolean cut)
            implements EgressReply {
        public Answer {
            requireNonNull(phrase, "phrase");
            requireNonNull(body, "body");
            var copy = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
            copy.putAll(headers);
            headers = Collections.unmodifiableMap(copy);
        }

        public Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name));
        }
    }

    /// No connection came about, or it broke. `sent` says whether the target may have seen the
    /// request.
    record Unreachable(String reason, boolean sent) implements EgressReply {}

    /// The time for the exchange was over before the answer was whole. `sent` says whether the
    /// target may have seen the request.
    record TimedOut(String reason, boolean sent) implements EgressReply {}

    /// The request is not allowed to leave.
    record Refused(String reason) implements EgressReply {}
}
