package carillon.webhook;

import static java.util.Objects.requireNonNull;

import carillon.event.Event;
import carillon.event.EventStore;
import carillon.webhook.WebhookStore.Listener;
import carillon.webhook.WebhookStore.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

/// Reads on in the event log for the subscriptions, and writes what each is to be told in the
/// transaction that moves its place in the log: nothing is lost, and nothing written twice,
/// whichever node dies when. While nobody subscribes, it looks for subscriptions and does no more.
public final class Announcer {
    private static final Duration IDLE = Duration.ofMillis(500);
    private static final Duration WATCHING = Duration.ofMillis(200);
    private static final int MAX_EVENTS = 500;

    private final WebhookStore store;
    private final EventStore events;
    private final Happenings happenings;
    private final Map<String, Wording> wordings;

    /// `wordings` by the origins of subscriptions.
    public Announcer(
            WebhookStore store,
            EventStore events,
            Happenings happenings,
            Map<String, Wording> wordings) {
        this.store = requireNonNull(store, "store");
        this.events = requireNonNull(events, "events");
        this.happenings = requireNonNull(happenings, "happenings");
        this.wordings = Map.copyOf(wordings);
    }

    /// Looks at the next events; returns when to look again.
    public Instant runOnce(Instant now) {
        var listeners = new ArrayList<>(store.listeners());
        if (listeners.isEmpty()) {
            return now.plus(IDLE);
        }
        listeners.sort(Comparator.comparingLong(Listener::seen));
        var next = events.after(listeners.getFirst().seen(), MAX_EVENTS);
        if (next.isEmpty()) {
            return now.plus(WATCHING);
        }
        tell(listeners, next, now);
        return next.size() < MAX_EVENTS ? now.plus(WATCHING) : now;
    }

    private void tell(List<Listener> listeners, List<Event> next, Instant now) {
        long last = next.getLast().id();
        var behind = listeners.stream().filter(listener -> listener.seen() < last).toList();
        var wanted = EnumSet.noneOf(WebhookEvent.class);
        behind.forEach(listener -> wanted.addAll(listener.events()));
        // Those who have read as far read the same: mostly, that is everybody.
        long from = -1;
        List<Occurrence> occurrences = List.of();
        for (var listener : behind) {
            if (listener.seen() != from) {
                from = listener.seen();
                long seen = from;
                var unseen = next.stream().filter(event -> event.id() > seen).toList();
                occurrences = happenings.of(unseen, wanted);
            }
            store.tell(listener, last, messages(listener, occurrences), now);
        }
    }

    private List<Message> messages(Listener listener, List<Occurrence> occurrences) {
        var wording = wordings.get(listener.origin());
        if (wording == null) {
            throw new IllegalStateException("nobody has words for " + listener.origin());
        }
        return occurrences.stream()
                .filter(one -> listener.events().contains(one.event()))
                .map(one -> new Message(one.event(), one.once(), one.task(), wording.body(one)))
                .toList();
    }
}
