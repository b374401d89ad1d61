package carillon.quota;

import static java.util.Objects.requireNonNull;

import carillon.ai.Endpoint;
import carillon.ai.Limits;
import carillon.ai.Model;
import carillon.ai.Provider;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/// The use cases of quotas. Calls are counted in the database only where there is a limit: the
/// model says one, the provider named one, or has refused a call lately. What others know of that
/// is looked up every second.
public final class Quotas {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final Duration BETWEEN_PRUNINGS = Duration.ofHours(1);
    private static final Duration KEPT = Duration.ofDays(7);
    private static final int MAX_KEYS = 1_000;

    private final QuotaStore store;
    private final InstantSource time;
    private final Map<QuotaKey, Quota> known = new ConcurrentHashMap<>();
    private final Map<QuotaKey, Told> told = new ConcurrentHashMap<>();
    private final Map<Counted, QuotaKey> keys = new ConcurrentHashMap<>();
    private volatile Runnable wake = () -> {};
    private Instant pruneAt = Instant.EPOCH;

    public Quotas(QuotaStore store, InstantSource time) {
        this.store = requireNonNull(store, "store");
        this.time = requireNonNull(time, "time");
    }

    /// Names who is told when runs that waited have become due.
    public void connect(Runnable wakened) {
        wake = wakened;
    }

    /// A call as its maker sees it; see [Ask].
    public record Want(long tokens, Duration longest, Optional<Asker> asker, boolean waits) {
        private Ask of(QuotaKey key, Limits limits) {
            return new Ask(key, limits, tokens, longest, asker, waits);
        }
    }

    /// Whether a call may be made now. What is let go must be handed to [#end] or [#refused],
    /// whatever comes of the call.
    public Admission admit(Model model, Want want) {
        var now = now();
        var key = key(model);
        var limits = model.terms().limits();
        var ask = want.of(key.orElse(NO_KEY), limits);
        if (key.isEmpty() || (limits.isNone() && !binds(key.get(), now))) {
            return new Admission.Go(Pass.uncounted(ask, now));
        }
        return store.admit(ask, now);
    }

    /// What a key is made from. Making one takes longer than all else where there is no limit, so
    /// those of the models in use are remembered.
    private record Counted(Provider provider, String model, Endpoint endpoint) {}

    private Optional<QuotaKey> key(Model model) {
        if (model.endpoint().isEmpty()) {
            return Optional.empty();
        }
        var counted = new Counted(model.provider(), model.model(), model.endpoint().get());
        var made = keys.get(counted);
        if (made != null) {
            return Optional.of(made);
        }
        if (keys.size() >= MAX_KEYS) {
            keys.clear();
        }
        var key = QuotaKey.of(model);
        key.ifPresent(fresh -> keys.put(counted, fresh));
        return key;
    }

    /// Of the built-in model, which nothing is counted of.
    private static final QuotaKey NO_KEY = new QuotaKey("");

    private boolean binds(QuotaKey key, Instant now) {
        var quota = known.get(key);
        return quota != null && quota.binds(now);
    }

    /// What an answer of the model's provider says of its quota. It is written with the end of the
    /// call.
    public void told(Model model, Told heard) {
        if (!heard.equals(Told.NOTHING)) {
            key(model).ifPresent(key -> told.put(key, heard));
        }
    }

    private Told heard(QuotaKey key) {
        var heard = told.remove(key);
        return heard == null ? Told.NOTHING : heard;
    }

    /// A call has ended, other than by a refusal. `tokens` is what it took, where that is known;
    /// `answered` is whether an answer came.
    public void end(Pass pass, OptionalLong tokens, boolean answered) {
        var now = now();
        var key = pass.ask().key();
        var heard = heard(key);
        if (pass.isCounted()) {
            if (store.end(pass, new QuotaStore.Ending(tokens, heard, answered), now)) {
                wake.run();
            }
        } else if (isNews(key, heard, now)) {
            store.learn(key, pass.ask().limits(), heard, now);
            known.put(key, known.getOrDefault(key, Quota.UNKNOWN).told(heard, now));
        }
    }

    private boolean isNews(QuotaKey key, Told heard, Instant now) {
        var before = known.getOrDefault(key, Quota.UNKNOWN);
        return !before.told(heard, now).learned().equals(before.learned())
                || heard.usedUpUntil(now).isPresent();
    }

    /// The provider has refused a call because there were too many; `asked` is the wait that it
    /// asked for. Nothing is let go until it is over. Returns when the caller may ask again.
    public Admission.Wait refused(Pass pass, Optional<Duration> asked) {
        var now = now();
        var key = pass.ask().key();
        var heard = heard(key);
        var wait = asked.or(() -> heard.usedUpUntil(now).map(to -> Duration.between(now, to)));
        var until = store.refuse(pass, heard, wait, now);
        // Others of this node are not to ask in vain until the next look.
        known.put(key, store.find(key, now).quota());
        return new Admission.Wait(until);
    }

    /// How long it is until then; not above 0 when it is over.
    public Duration until(Instant turn) {
        return Duration.between(time.instant(), turn);
    }

    /// How a model's quota stands now; empty for the built-in one, which has none.
    public Optional<QuotaState> state(Model model) {
        return QuotaKey.of(model)
                .map(key -> saying(store.find(key, now()), model.terms().limits()));
    }

    private static QuotaState saying(QuotaState state, Limits limits) {
        return new QuotaState(state.quota().saying(limits), state.load(), state.waiting());
    }

    /// A duty of each node: learns what others know, makes runs due whose turn has come earlier
    /// than was thought, and forgets what nobody uses. Returns when it wants to run again.
    public Instant runOnce(Instant now) {
        var all = store.all();
        known.keySet().retainAll(all.keySet());
        known.putAll(all);
        if (!all.isEmpty() && store.wake(now)) {
            wake.run();
        }
        if (!now.isBefore(pruneAt)) {
            store.prune(now.minus(KEPT));
            pruneAt = now.plus(BETWEEN_PRUNINGS);
        }
        return now.plus(BETWEEN_LOOKS);
    }

    private Instant now() {
        return time.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
