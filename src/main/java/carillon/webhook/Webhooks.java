package carillon.webhook;

import static java.util.Objects.requireNonNull;

import carillon.event.EventStore;
import carillon.outbox.Carried;
import carillon.outbox.Courier;
import carillon.outbox.Delivery;
import carillon.outbox.DeliveryStore;
import carillon.outbox.Ending;
import carillon.outbox.Outbox;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/// The use cases of subscriptions. What they return is on disk.
public final class Webhooks {
    /// How many subscriptions there can be: each costs a little with every event.
    public static final int MAX = 1_000;

    /// For how long an old secret signs beside the new one, unless told otherwise.
    public static final Duration DEFAULT_OVERLAP = Duration.ofHours(24);

    public static final Duration MAX_OVERLAP = Duration.ofDays(30);

    private static final int SECRET_LENGTH = 32;

    private final WebhookStore store;
    private final EventStore events;
    private final Tools tools;
    private final InstantSource time;

    /// What it sends tests with: the node's name, its courier of webhooks, where the ends of
    /// deliveries are written, and dice that are fit for secrets.
    public record Tools(
            String node, Courier courier, DeliveryStore deliveries, RandomGenerator dice) {
        public Tools {
            requireNonNull(node, "node");
            requireNonNull(courier, "courier");
            requireNonNull(deliveries, "deliveries");
            requireNonNull(dice, "dice");
        }
    }

    public Webhooks(WebhookStore store, EventStore events, Tools tools, InstantSource time) {
        this.store = requireNonNull(store, "store");
        this.events = requireNonNull(events, "events");
        this.tools = requireNonNull(tools, "tools");
        this.time = requireNonNull(time, "time");
    }

    /// What receivers know a delivery by: the same on every try, and when it is redelivered.
    public static String messageId(Delivery delivery) {
        return "msg_" + delivery.id();
    }

    /// A `whsec_` secret that nobody can guess.
    public String newSecret() {
        var bytes = new byte[SECRET_LENGTH];
        tools.dice.nextBytes(bytes);
        return "whsec_" + Base64.getEncoder().encodeToString(bytes);
    }

    /// Makes a subscription, which is told of what happens from now on. Empty when there are [#MAX]
    /// already.
    public Optional<Subscription> create(
            String origin, Terms terms, String secret, boolean active) {
        var now = now();
        var made =
                new Subscription(
                        store.newId(),
                        1,
                        origin,
                        terms,
                        SigningKeys.of(secret),
                        Standing.fresh(active, events.newest()),
                        now,
                        now);
        return store.create(made, MAX) ? Optional.of(made) : Optional.empty();
    }

    public Optional<Subscription> find(long id) {
        return store.find(id);
    }

    /// All of them, the oldest first.
    public List<Subscription> all() {
        return store.all();
    }

    /// What a change makes of a subscription.
    public record Change(Terms terms, Optional<String> secret, boolean active) {
        public Change {
            requireNonNull(terms, "terms");
            requireNonNull(secret, "secret");
        }
    }

    /// Changes a subscription to what `change` makes of it as it stands; a new secret signs alone
    /// from now on. One that becomes active is told of what happens from now on, and nothing is
    /// held against it any more. Empty when it is gone.
    public Optional<Subscription> change(long id, Function<Subscription, Change> change) {
        return rewrite(id, "update", before -> changed(before, change.apply(before)));
    }

    private Subscription changed(Subscription before, Change change) {
        var standing = before.standing();
        boolean starts = change.active && !standing.active();
        boolean stops = !change.active && standing.active();
        return with(
                before,
                change.terms,
                change.secret.map(SigningKeys::of).orElse(before.keys()),
                starts || stops ? Standing.fresh(change.active, events.newest()) : standing);
    }

    /// Gives a subscription a new secret; the old one signs too for `overlap`. Empty when it is
    /// gone.
    public Optional<Subscription> rotate(long id, String secret, Duration overlap) {
        var now = now();
        return rewrite(
                id,
                "rotate",
                before ->
                        with(
                                before,
                                before.terms(),
                                before.keys().rotated(secret, now.plus(overlap), now),
                                before.standing()));
    }

    private Subscription with(
            Subscription before, Terms terms, SigningKeys keys, Standing standing) {
        return new Subscription(
                before.id(),
                before.version() + 1,
                before.origin(),
                terms,
                keys,
                standing,
                before.createdAt(),
                now());
    }

    private Optional<Subscription> rewrite(
            long id, String verb, Function<Subscription, Subscription> change) {
        while (true) {
            var before = store.find(id);
            if (before.isEmpty()) {
                return Optional.empty();
            }
            var after = change.apply(before.get());
            if (store.put(after, before.get().version(), verb)) {
                return Optional.of(after);
            }
            // Somebody else's change came between: judge anew on what stands now.
        }
    }

    public boolean delete(long id) {
        return store.delete(id);
    }

    /// A delivery with its tries, oldest first.
    public record Logged(Delivery delivery, List<WebhookStore.Try> tries) {
        public Logged {
            requireNonNull(delivery, "delivery");
            tries = List.copyOf(tries);
        }
    }

    /// Sends a test at once, whether the subscription is active or not, and tells how it went.
    public Logged test(Subscription subscription, String body) throws InterruptedException {
        var begun = now();
        var until = begun.plus(Outbox.LEASE);
        var delivery = store.begin(subscription, body, tools.node, begun, until);
        var carried = tools.courier.carry(delivery);
        tools.deliveries.end(delivery, ending(carried), now());
        return logged(subscription.id(), delivery.id()).orElse(new Logged(delivery, List.of()));
    }

    /// A test is not tried again.
    private static Ending ending(Carried carried) {
        return switch (carried) {
            case Carried.Done() -> new Ending.Delivered();
            case Carried.Failed(var reason, _) -> new Ending.GivenUp(reason);
            case Carried.Refused(var reason) -> new Ending.GivenUp(reason);
        };
    }

    public Optional<Logged> logged(long subscription, long delivery) {
        return store.delivery(subscription, delivery).map(one -> logged(List.of(one)).getFirst());
    }

    /// Newest first, those with an id below `before`.
    public List<Logged> deliveries(long subscription, long before, int limit) {
        return logged(store.deliveries(subscription, before, limit));
    }

    private List<Logged> logged(List<Delivery> deliveries) {
        Map<Long, List<WebhookStore.Try>> tries =
                store.tries(deliveries.stream().map(Delivery::id).toList());
        return deliveries.stream()
                .map(one -> new Logged(one, tries.getOrDefault(one.id(), List.of())))
                .toList();
    }

    /// Has a delivery tried once more at once, and again as long as it is younger than a day.
    /// Returns false when it is being tried now, or there is none.
    public boolean redeliver(long subscription, long delivery) {
        return store.redeliver(subscription, delivery, now());
    }

    private Instant now() {
        return time.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
