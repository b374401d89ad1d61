package carillon.console;

import carillon.auth.SignIns;
import carillon.event.EventStore;
import carillon.event.EventTail;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Feed;
import carillon.web.SignInCookie;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/// Keeps a part of a page true while somebody looks at it: sends it anew, as server-sent events of
/// the type `part`, when something has happened and it is not the same any more. However much
/// happens, it is made at most once a second for each page; it is made every fifteen seconds in any
/// case, for what changes without an event.
final class Live {
    private static final String TYPE = "part";
    private static final Duration PACE = Duration.ofSeconds(1);
    private static final Duration AT_LEAST_EVERY = Duration.ofSeconds(15);
    private static final Duration CHECK_EVERY = Duration.ofSeconds(1);

    private final EventStore events;
    private final EventTail tail;
    private final SignIns signIns;
    private final InstantSource time;

    Live(EventStore events, SignIns signIns, InstantSource time) {
        this.events = events;
        this.tail = new EventTail(events, time);
        this.signIns = signIns;
        this.time = time;
    }

    /// A stream of what `part` makes. It ends when the sign-in of who asked for it has; `part`
    /// makes nothing when what it shows is gone, which ends it too.
    Answer stream(Call call, Supplier<Optional<String>> part) {
        var token = call.cookie(SignInCookie.NAME);
        return Answer.stream(sink -> follow(sink, token, part));
    }

    private void follow(Feed.Sink sink, Optional<String> token, Supplier<Optional<String>> part)
            throws InterruptedException {
        var shown = "";
        long seen = -1;
        var madeAt = Instant.MIN;
        while (isSignedIn(token)) {
            long newest = events.newest();
            var now = time.instant();
            if (newest != seen || !now.isBefore(madeAt.plus(AT_LEAST_EVERY))) {
                seen = newest;
                madeAt = now;
                var made = part.get();
                if (made.isEmpty() || !send(sink, shown, made.get())) {
                    return;
                }
                shown = made.get();
                tail.await(Long.MAX_VALUE, PACE);
            }
            tail.await(seen, CHECK_EVERY);
        }
    }

    /// Returns false when the client has gone.
    private static boolean send(Feed.Sink sink, String shown, String made) {
        return made.equals(shown) ? sink.comment("still the same") : sink.text(TYPE, made);
    }

    /// A key that was sent in a header lets in for as long as the stream lasts.
    private boolean isSignedIn(Optional<String> token) {
        return token.stream().allMatch(text -> signIns.authenticate(text).isPresent());
    }
}
