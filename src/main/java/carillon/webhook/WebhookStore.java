package carillon.webhook;

import static java.util.Objects.requireNonNull;

import carillon.outbox.Delivery;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Keeps subscriptions and what is to be told to them. Each method is one transaction and, where it
/// writes, durable when it returns; a lost race is a return value.
public interface WebhookStore {
    /// A new id, unused so far, also for deliveries.
    long newId();

    /// Returns false, and writes nothing, when there are `limit` subscriptions already.
    boolean create(Subscription subscription, int limit);

    Optional<Subscription> find(long id);

    /// All of them, the oldest first.
    List<Subscription> all();

    /// Changes a subscription that still is at `expectedVersion`; returns whether it was. One that
    /// is active stays at the event that it has seen, and as long as it stays active, its failures
    /// count on; `verb` names the change in the audit log.
    boolean put(Subscription subscription, int expectedVersion, String verb);

    /// What was to be told to it goes with it, in time. Returns false when there is none.
    boolean delete(long id);

    /// An active subscription, as far as it takes to know what to tell it.
    record Listener(long id, String origin, String target, Set<WebhookEvent> events, long seen) {
        public Listener {
            requireNonNull(origin, "origin");
            requireNonNull(target, "target");
            events = Set.copyOf(events);
        }
    }

    List<Listener> listeners();

    /// Something to be told to a listener: `body` is sent as it stands. Where there is a `once`,
    /// the subscription is not told again of what has the same. `task` is the id of the task that
    /// it is about, or 0.
    record Message(WebhookEvent event, Optional<String> once, long task, String body) {
        public Message {
            requireNonNull(event, "event");
            requireNonNull(once, "once");
            requireNonNull(body, "body");
        }
    }

    /// Writes what is to be delivered for the events from the one after `listener.seen` to `seen`,
    /// if they still are to be looked at; returns whether they were.
    boolean tell(Listener listener, long seen, List<Message> messages, Instant now);

    /// Writes a delivery of type [WebhookEvent#TEST] whose first try begins now, by this node.
    Delivery begin(Subscription subscription, String body, String node, Instant now, Instant until);

    /// How one try went, for the log. `status` is empty where there was no answer.
    record Try(
            int attempt,
            Instant begunAt,
            long tookMillis,
            OptionalInt status,
            String response,
            String error) {
        public static final int MAX_RESPONSE = 1_024;

        public Try {
            requireNonNull(begunAt, "begunAt");
            requireNonNull(status, "status");
            requireNonNull(response, "response");
            requireNonNull(error, "error");
        }

        public boolean isGood() {
            return error.isEmpty();
        }
    }

    /// Logs a try, and what it means for the subscription: one that went well ends its failures;
    /// one that went wrong counts. Disables the subscription, with an event, when its target is
    /// `gone` for good or its failures have come to be lasting. Tests count for neither.
    void log(Delivery delivery, Try made, boolean gone);

    /// The deliveries to a subscription, newest first, those with an id below `before`.
    List<Delivery> deliveries(long subscription, long before, int limit);

    Optional<Delivery> delivery(long subscription, long id);

    /// The tries of each delivery, oldest first; absent for those without any.
    Map<Long, List<Try>> tries(List<Long> deliveries);

    /// Makes a delivery due at once, whatever has become of it. Returns false, and changes nothing,
    /// when a node has it in hand, or it is gone.
    boolean redeliver(long subscription, long delivery, Instant now);

    /// Forgets at most `limit` deliveries that were made before `madeBefore` and are not pending,
    /// and those of subscriptions that are gone; returns how many.
    int prune(Instant madeBefore, int limit);
}
