package carillon.store;

import static carillon.store.Some.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import carillon.outbox.Delivery;
import carillon.outbox.Ending;
import carillon.secret.Seal;
import carillon.webhook.SigningKeys;
import carillon.webhook.Standing;
import carillon.webhook.Subscription;
import carillon.webhook.Terms;
import carillon.webhook.WebhookEvent;
import carillon.webhook.WebhookStore;
import carillon.webhook.WebhookStore.Message;
import carillon.webhook.WebhookStore.Try;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every store of subscriptions must do, whatever the database under it.
abstract class WebhookStoreContract extends StoreContract {
    private static final int LIMIT = 10;

    private WebhookStore webhooks;

    WebhookStoreContract(Fixture fixture) {
        super(fixture);
    }

    @BeforeEach
    final void open() {
        webhooks = stores().webhooks(Seal.NONE);
    }

    private static final Terms TERMS =
            new Terms(
                    URI.create("https://a.example/hook?token=x"),
                    "mine",
                    Set.of(WebhookEvent.TASK_FAILED, WebhookEvent.SYSTEM_ALERT));

    private static Subscription with(Subscription one, SigningKeys keys, Standing standing) {
        return new Subscription(
                one.id(), one.version() + 1, "native", TERMS, keys, standing, NOON, NOON);
    }

    private Subscription subscribe() {
        var made =
                new Subscription(
                        webhooks.newId(),
                        1,
                        "native",
                        TERMS,
                        SigningKeys.of("secret"),
                        Standing.fresh(true, 7),
                        NOON,
                        NOON);
        assertThat(webhooks.create(made, LIMIT)).isTrue();
        return made;
    }

    private static Message message(Optional<String> once) {
        return new Message(WebhookEvent.TASK_FAILED, once, 3, "{\"type\":\"task.failed\"}");
    }

    private Delivery tell(Subscription to) {
        var listener = webhooks.listeners().getFirst();
        assertThat(webhooks.tell(listener, 20, List.of(message(Optional.empty())), NOON)).isTrue();
        return webhooks.deliveries(to.id(), Long.MAX_VALUE, 1).getFirst();
    }

    private void fail(Delivery delivery, int attempt, Instant at) {
        webhooks.log(
                delivery,
                new Try(attempt, at, 5, OptionalInt.of(500), "oh", "answered 500"),
                false);
    }

    @Test
    void a_subscription_is_found_as_it_was_made_and_as_it_was_changed() {
        var made = subscribe();
        assertThat(webhooks.find(made.id())).hasValue(made);

        var old = new SigningKeys.Old("secret", NOON.plusSeconds(60));
        var next = with(made, new SigningKeys("next", Optional.of(old)), Standing.fresh(true, 99));
        assertThat(webhooks.put(next, 1, "rotate")).isTrue();
        assertThat(webhooks.put(next, 1, "rotate")).isFalse();

        var found = webhooks.find(made.id()).orElseThrow();
        assertThat(found.keys()).isEqualTo(next.keys());
        assertThat(found.standing().seen()).as("its place in the log").isEqualTo(7);
        assertThat(webhooks.all()).containsExactly(found);
        assertThat(webhooks.delete(made.id())).isTrue();
        assertThat(webhooks.delete(made.id())).isFalse();
        assertThat(webhooks.all()).isEmpty();
    }

    @Test
    void there_are_no_more_than_the_limit() {
        var made = subscribe();

        assertThat(webhooks.create(with(made, made.keys(), made.standing()), 1)).isFalse();
    }

    @Test
    void what_is_to_be_told_is_written_once_whoever_else_has_read_the_same() {
        var made = subscribe();
        var listener = webhooks.listeners().getFirst();
        assertThat(listener.target()).isEqualTo("https://a.example/hook");

        var messages = List.of(message(Optional.of("once")), message(Optional.of("once")));
        assertThat(webhooks.tell(listener, 20, messages, NOON)).isTrue();
        assertThat(webhooks.tell(listener, 20, messages, NOON)).isFalse();

        var told = webhooks.deliveries(made.id(), Long.MAX_VALUE, 10);
        assertThat(told).hasSize(1);
        assertThat(told.getFirst().payload()).hasValue("{\"type\":\"task.failed\"}");
        assertThat(webhooks.listeners().getFirst().seen()).isEqualTo(20);
    }

    @Test
    void a_target_that_fails_for_a_day_is_disabled_with_an_event() {
        var made = subscribe();
        var delivery = tell(made);
        for (int i = 1; i < Standing.MAX_FAILURES; i++) {
            fail(delivery, i, NOON);
        }
        assertThat(webhooks.listeners()).hasSize(1);

        fail(delivery, Standing.MAX_FAILURES, NOON.plus(Standing.MAX_FAILING));

        assertThat(webhooks.listeners()).isEmpty();
        assertThat(stores().events().after(0, 10))
                .anySatisfy(
                        event -> {
                            assertThat(event.type()).isEqualTo("webhook.disabled");
                            assertThat(event.data().get("webhook_id")).isEqualTo(made.id());
                        });
        assertThat(webhooks.tries(List.of(delivery.id())).get(delivery.id()))
                .hasSize(Standing.MAX_FAILURES);
    }

    @Test
    void a_success_ends_the_failures() {
        var made = subscribe();
        var delivery = tell(made);
        fail(delivery, 1, NOON);
        assertThat(webhooks.find(made.id()).orElseThrow().standing().failures()).isEqualTo(1);

        webhooks.log(delivery, new Try(2, NOON, 5, OptionalInt.of(200), "", ""), false);

        assertThat(webhooks.find(made.id()).orElseThrow().standing().failingSince()).isEmpty();
    }

    @Test
    void events_stay_until_every_active_subscription_has_looked_at_them() {
        stores().events().add("one", Map.of("n", 1));
        var made = subscribe();
        stores().events().add("two", Map.of("n", 2));
        stores().events().add("three", Map.of("n", 3));
        var later = NOON.plus(Duration.ofDays(9));
        assertThat(stores().events().prune(later, 10)).isZero();

        var listener = webhooks.listeners().getFirst();
        webhooks.tell(listener, stores().events().newest(), List.of(), NOON);

        assertThat(stores().events().prune(later, 10)).isEqualTo(2);
        assertThat(made.standing().active()).isTrue();
    }

    @Test
    void a_delivery_in_hand_is_not_redelivered_and_one_that_has_ended_is() {
        var made = subscribe();
        var delivery = tell(made);
        var claimed = stores().deliveries().claim("n", 5, NOON, NOON.plusSeconds(60)).getFirst();
        assertThat(webhooks.redeliver(made.id(), delivery.id(), NOON)).isFalse();
        stores().deliveries().end(claimed, new Ending.GivenUp("no"), NOON);

        assertThat(webhooks.redeliver(made.id(), delivery.id(), NOON)).isTrue();

        assertThat(stores().deliveries().claim("n", 5, NOON, NOON.plusSeconds(60))).hasSize(1);
        assertThat(webhooks.redeliver(made.id() + 1, delivery.id(), NOON)).isFalse();
    }

    @Test
    void old_deliveries_and_those_of_nobody_are_forgotten() {
        var made = subscribe();
        var delivery = tell(made);
        fail(delivery, 1, NOON);
        assertThat(webhooks.prune(NOON.plusSeconds(1), 10)).as("pending").isZero();

        webhooks.delete(made.id());

        assertThat(webhooks.prune(NOON, 10)).isEqualTo(1);
        assertThat(webhooks.tries(List.of(delivery.id()))).isEmpty();
    }
}
