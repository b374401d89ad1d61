package carillon.json;

import carillon.schedule.DurationText;
import carillon.task.ConcurrencyPolicy;
import carillon.task.Delivery;
import carillon.task.MisfirePolicy;
import carillon.task.Policies;
import carillon.task.RetryOn;
import carillon.task.RetryPolicy;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The fields `retry`, `timeout`, `concurrency`, `misfire`, `delivery`, `jitter` and `priority`.
/// What is left out has its default, inside `retry` and `misfire` too.
final class PolicyJson {
    private static final Duration MAX_JITTER = Duration.ofHours(24);
    private static final int MAX_RETRY_ON = 100;

    private PolicyJson() {}

    static Policies read(Fields fields, ReadContext context) {
        var standard = Policies.DEFAULT;
        return new Policies(
                fields.object("retry").map(PolicyJson::retry).orElse(standard.retry()),
                timeout(fields).orElse(standard.timeout()),
                fields.word("concurrency", ConcurrencyPolicy.class).orElse(standard.concurrency()),
                fields.object("misfire").map(PolicyJson::misfire).orElse(standard.misfire()),
                fields.word("delivery", Delivery.class).orElse(standard.delivery()),
                jitter(fields, context).orElse(standard.jitter()),
                fields.integer("priority", 0, Policies.MAX_PRIORITY).orElse(standard.priority()));
    }

    private static Optional<Duration> timeout(Fields fields) {
        var timeout = fields.duration("timeout");
        if (timeout.isPresent()
                && (timeout.get().isZero() || timeout.get().compareTo(Policies.MAX_TIMEOUT) > 0)) {
            fields.problem("timeout", "must be above 0 and at most 24h");
            return Optional.empty();
        }
        return timeout;
    }

    private static Optional<Duration> jitter(Fields fields, ReadContext context) {
        var jitter = fields.duration("jitter");
        if (context.isShown() && jitter.isPresent() && jitter.get().compareTo(MAX_JITTER) > 0) {
            fields.problem("jitter", "must be at most 24h");
        }
        return jitter;
    }

    private static RetryPolicy retry(Fields fields) {
        var standard = RetryPolicy.NONE;
        var policy =
                new RetryPolicy(
                        fields.integer("attempts", 1, RetryPolicy.MAX_ATTEMPTS)
                                .orElse(standard.attempts()),
                        fields.duration("initial").orElse(standard.initial()),
                        fields.duration("max").orElse(standard.max()),
                        fields.number("multiplier", 1, 100).orElse(standard.multiplier()),
                        retryOn(fields).orElse(standard.retryOn()));
        fields.done();
        return policy;
    }

    private static Optional<Set<RetryOn>> retryOn(Fields fields) {
        var items = fields.array("retry_on", MAX_RETRY_ON);
        if (items.isEmpty()) {
            return Optional.empty();
        }
        var kinds = new HashSet<RetryOn>();
        for (int i = 0; i < items.get().size(); i++) {
            var kind = retryOn(items.get().get(i));
            if (kind.isEmpty()) {
                fields.problem(
                        "retry_on[" + i + "]",
                        "must be network, timeout, other, 4xx, 5xx or a status code");
            }
            kind.ifPresent(kinds::add);
        }
        return Optional.of(kinds);
    }

    private static Optional<RetryOn> retryOn(JsonNode item) {
        return item.isTextual() || item.isIntegralNumber()
                ? RetryOn.of(item.asText())
                : Optional.empty();
    }

    private static MisfirePolicy misfire(Fields fields) {
        var standard = MisfirePolicy.DEFAULT;
        var policy =
                new MisfirePolicy(
                        fields.word("policy", MisfirePolicy.Kind.class).orElse(standard.kind()),
                        fields.integer("limit", 1, MisfirePolicy.MAX_LIMIT)
                                .orElse(standard.limit()),
                        fields.duration("window").orElse(standard.window()));
        fields.done();
        return policy;
    }

    static void write(Policies policies, ObjectNode out) {
        var retry = policies.retry();
        var retryOut =
                out.putObject("retry")
                        .put("attempts", retry.attempts())
                        .put("initial", DurationText.write(retry.initial()))
                        .put("max", DurationText.write(retry.max()))
                        .put("multiplier", retry.multiplier());
        var kinds = retryOut.putArray("retry_on");
        sorted(retry.retryOn()).forEach(kinds::add);
        out.put("timeout", DurationText.write(policies.timeout()))
                .put("concurrency", Fields.word(policies.concurrency()));
        out.putObject("misfire")
                .put("policy", Fields.word(policies.misfire().kind()))
                .put("limit", policies.misfire().limit())
                .put("window", DurationText.write(policies.misfire().window()));
        out.put("delivery", Fields.word(policies.delivery()))
                .put("jitter", DurationText.write(policies.jitter()))
                .put("priority", policies.priority());
    }

    private static List<String> sorted(Set<RetryOn> kinds) {
        return kinds.stream().map(RetryOn::word).sorted().toList();
    }
}
