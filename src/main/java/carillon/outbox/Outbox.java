package carillon.outbox;

import static java.util.Objects.requireNonNull;

import carillon.outbox.Delivery.Kind;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// One node's part in carrying deliveries: takes those that are due, hands each to its courier on a
/// virtual thread, and writes how it went. A node that dies with deliveries in hand loses them to
/// whoever looks after [#LEASE].
public final class Outbox implements AutoCloseable {
    private static final Logger log = System.getLogger(Outbox.class.getName());

    /// How long one try may take.
    public static final Duration TRY_TIME = Duration.ofSeconds(30);

    /// How long a delivery is this node's; longer than a try and the write of its end.
    public static final Duration LEASE = Duration.ofSeconds(60);

    /// What a stop waits for tries under way.
    public static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration IDLE = Duration.ofMillis(500);
    private static final int MAX_BATCH = 100;

    private final DeliveryStore store;
    private final Map<Kind, Courier> couriers;
    private final String node;
    private final InstantSource time;
    private final RandomGenerator dice;
    private final int maxUnderWay;
    private final Semaphore room;
    private final Set<Thread> underWay = ConcurrentHashMap.newKeySet();

    /// `maxUnderWay` bounds the tries at one time.
    public record Settings(String node, int maxUnderWay) {
        public static final int DEFAULT_MAX_UNDER_WAY = 256;

        public Settings {
            requireNonNull(node, "node");
            if (maxUnderWay < 1) {
                throw new IllegalArgumentException("at least one try at a time: " + maxUnderWay);
            }
        }
    }

    public Outbox(
            DeliveryStore store,
            Map<Kind, Courier> couriers,
            Settings settings,
            InstantSource time,
            RandomGenerator dice) {
        this.store = requireNonNull(store, "store");
        this.couriers = Map.copyOf(couriers);
        this.node = settings.node;
        this.time = requireNonNull(time, "time");
        this.dice = requireNonNull(dice, "dice");
        this.maxUnderWay = settings.maxUnderWay;
        this.room = new Semaphore(maxUnderWay);
    }

    /// Starts what is due at `now` and there is room for, waiting for nothing; returns when to look
    /// again. Others' deliveries become due without this node being told, so it looks often.
    public Instant runOnce(Instant now) {
        int free = Math.min(room.availablePermits(), MAX_BATCH);
        var next = store.nextDue();
        if (free == 0 || next.isEmpty() || next.get().isAfter(now)) {
            return next.filter(at -> at.isAfter(now) && at.isBefore(now.plus(IDLE)))
                    .orElse(now.plus(IDLE));
        }
        var claimed = store.claim(node, free, now, now.plus(LEASE));
        claimed.forEach(this::start);
        return claimed.size() == free ? now : now.plus(IDLE);
    }

    private void start(Delivery delivery) {
        // Only this loop takes permits, and it took no more deliveries than there were.
        room.acquireUninterruptibly();
        var thread =
                Thread.ofVirtual()
                        .name("delivery-" + delivery.id())
                        .unstarted(() -> carryAndWrite(delivery));
        underWay.add(thread);
        thread.start();
    }

    private void carryAndWrite(Delivery delivery) {
        try {
            write(delivery, carry(delivery));
        } catch (RuntimeException e) {
            log.log(
                    Level.ERROR,
                    "the end of delivery "
                            + delivery.id()
                            + " could not be written; it is tried again in "
                            + LEASE.toSeconds()
                            + " s",
                    e);
        } finally {
            underWay.remove(Thread.currentThread());
            room.release();
        }
    }

    private Ending carry(Delivery delivery) {
        var courier = couriers.get(delivery.kind());
        if (courier == null) {
            return new Ending.GivenUp("this node carries no " + delivery.kind());
        }
        try {
            var carried = courier.carry(delivery);
            return Ending.of(delivery, carried, courier.backoff(delivery), time.instant(), dice);
        } catch (InterruptedException e) {
            return new Ending.Again(time.instant(), "the node stopped in the middle");
        } catch (RuntimeException e) {
            log.log(Level.ERROR, "delivery " + delivery.id() + " broke its courier", e);
            var failed =
                    new Carried.Failed("failed inside the server; see its log", Optional.empty());
            return Ending.of(delivery, failed, Backoff.DEFAULT, time.instant(), dice);
        }
    }

    private void write(Delivery delivery, Ending ending) {
        if (!store.end(delivery, ending, time.instant())) {
            log.log(
                    Level.DEBUG,
                    "the end of delivery {0} changed nothing: its time was over, or it is gone",
                    delivery.id());
            return;
        }
        if (ending instanceof Ending.GivenUp(var error)) {
            log.log(
                    Level.WARNING,
                    "delivery {0} of {1} to {2} was given up: {3}",
                    Long.toString(delivery.id()),
                    delivery.type(),
                    delivery.target(),
                    error);
        }
    }

    /// To be called when nobody calls [#runOnce] any more. Lets tries under way end for
    /// [#PATIENCE]; those that do not are broken off, and due again at once.
    @Override
    public void close() {
        if (awaitEmpty()) {
            return;
        }
        underWay.forEach(Thread::interrupt);
        if (!awaitEmpty()) {
            log.log(Level.WARNING, "deliveries were under way when the node stopped");
        }
    }

    private boolean awaitEmpty() {
        try {
            boolean empty =
                    room.tryAcquire(maxUnderWay, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (empty) {
                room.release(maxUnderWay);
            }
            return empty;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
