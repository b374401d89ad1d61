package carillon.console;

import static java.util.Objects.requireNonNull;

import java.util.List;

/// One delivery to a subscription: how it stands, every try, and what was sent.
public record DeliveryView(
        long id,
        long webhook,
        List<Fact> facts,
        List<TryRow> tries,
        String payload,
        boolean redelivers) {
    public DeliveryView {
        facts = List.copyOf(facts);
        tries = List.copyOf(tries);
        requireNonNull(payload, "payload");
    }

    /// One try; `response` is what the target said, or why there was no answer.
    public record TryRow(
            int number, String begun, String took, String status, String tone, String response) {}

    public String path() {
        return "%s/webhooks/%d/deliveries/%d".formatted(ConsoleApi.PREFIX, webhook, id);
    }
}
