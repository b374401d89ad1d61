package carillon.courier;

import carillon.egress.Egress;
import carillon.egress.EgressReply.Answer;
import carillon.egress.EgressReply.Refused;
import carillon.egress.EgressReply.TimedOut;
import carillon.egress.EgressReply.Unreachable;
import carillon.egress.EgressRequest;
import carillon.outbox.Carried;
import carillon.outbox.Outbox;
import carillon.perform.RetryAfter;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Posts a body and says what the answer means for the delivery: 2xx is done; 408, 425, 429, 5xx
/// and no answer can be tried again; everything else is final.
final class Posting {
    private static final Set<Integer> WORTH_A_RETRY = Set.of(408, 425, 429);

    /// GitHub's word for "too often" in some cases; final unless it names a wait.
    private static final int FORBIDDEN = 403;

    private final Egress egress;
    private final InstantSource time;

    Posting(Egress egress, InstantSource time) {
        this.egress = egress;
        this.time = time;
    }

    Carried post(URI url, Map<String, String> headers, String body) throws InterruptedException {
        var request =
                new EgressRequest("POST", url, headers, Optional.of(body), Outbox.TRY_TIME, 0);
        return switch (egress.send(request)) {
            case Answer answer -> carried(answer);
            case Unreachable(var reason, _) -> new Carried.Failed(reason, Optional.empty());
            case TimedOut(var reason, _) -> new Carried.Failed(reason, Optional.empty());
            case Refused(var reason) -> new Carried.Refused(reason);
        };
    }

    private Carried carried(Answer answer) {
        int status = answer.status();
        if (status >= 200 && status <= 299) {
            return new Carried.Done();
        }
        var reason = ("answered " + status + " " + answer.phrase()).strip();
        var wait = wait(answer);
        boolean again =
                WORTH_A_RETRY.contains(status)
                        || status >= 500
                        || (status == FORBIDDEN && wait.isPresent());
        return again ? new Carried.Failed(reason, wait) : new Carried.Refused(reason);
    }

    private Optional<Duration> wait(Answer answer) {
        return answer.header("Retry-After")
                .flatMap(value -> RetryAfter.read(value, time.instant()));
    }
}
