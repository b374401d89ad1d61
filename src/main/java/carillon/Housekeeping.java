package carillon;

import carillon.audit.AuditTrail;
import carillon.auth.Keys;
import carillon.auth.SignIns;
import carillon.engine.Engine;
import carillon.idempotency.IdempotencyStore;
import carillon.store.Stores;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/// What a node forgets in time, and writes down now and then, besides the history of runs. Each a
/// duty of its own, in short transactions.
final class Housekeeping {
    private static final int MAX_BATCH = 500;
    private static final Duration BETWEEN_LAST_USES = Duration.ofSeconds(30);
    private static final Duration BETWEEN_PRUNINGS = Duration.ofMinutes(1);
    private static final Duration BETWEEN_FULL_PRUNINGS = Duration.ofMillis(20);
    private static final Duration BETWEEN_WALKS = Duration.ofHours(1);
    private static final Duration BETWEEN_USAGE_PRUNINGS = Duration.ofHours(6);
    private static final Duration USAGE_KEPT = Duration.ofDays(400);
    private static final Duration ENDS_KEPT = Duration.ofDays(40);

    private final Stores stores;
    private final Keys keys;
    private final SignIns signIns;
    private final Duration runsKept;

    /// `runsKept` is for how long ended runs are kept.
    Housekeeping(Stores stores, Keys keys, SignIns signIns, Duration runsKept) {
        this.stores = stores;
        this.keys = keys;
        this.signIns = signIns;
        this.runsKept = runsKept;
    }

    void join(Engine engine) {
        engine.add("keys", this::writeLastUses);
        engine.add("sign-ins", now -> again(signIns.forget(now, MAX_BATCH), now));
        engine.add("idempotency", this::forgetRequests);
        engine.add("audit", this::forgetChanges);
        engine.add("one-shots", this::forgetOneShots);
        engine.add("usage", this::forgetUsage);
    }

    private Instant writeLastUses(Instant now) {
        keys.writeLastUses();
        return now.plus(BETWEEN_LAST_USES);
    }

    private Instant forgetRequests(Instant now) {
        var before = now.minus(IdempotencyStore.KEPT);
        int gone = stores.requests().prune(before, IdempotencyStore.MAX_KEPT, MAX_BATCH);
        return again(gone, now);
    }

    private Instant forgetChanges(Instant now) {
        return again(new AuditTrail(stores.audit()).prune(now, MAX_BATCH), now);
    }

    /// Made before the oldest run that is kept: nothing is left to tell of those without runs.
    private Instant forgetOneShots(Instant now) {
        int gone = stores.oneShots().forget(now.minus(runsKept), MAX_BATCH);
        return gone < MAX_BATCH ? now.plus(BETWEEN_WALKS) : again(gone, now);
    }

    /// At once where there is more to forget.
    private static Instant again(int gone, Instant now) {
        return now.plus(gone < MAX_BATCH ? BETWEEN_PRUNINGS : BETWEEN_FULL_PRUNINGS);
    }

    private Instant forgetUsage(Instant now) {
        stores.responses().forgetUsage(LocalDate.ofInstant(now.minus(USAGE_KEPT), ZoneOffset.UTC));
        stores.ends().forget(now.minus(ENDS_KEPT));
        stores.tallies().forget(now.minus(USAGE_KEPT));
        stores.listedRuns().forget(LocalDate.ofInstant(now.minus(USAGE_KEPT), ZoneOffset.UTC));
        return now.plus(BETWEEN_USAGE_PRUNINGS);
    }
}
