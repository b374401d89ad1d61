package carillon.batch;

import carillon.ai.Model;
import carillon.ai.Reply;
import carillon.batch.Bulk.Handed;
import carillon.task.RetryOn;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;

/// Hands parcels in, waits for what comes back, and calls back in time what does not.
final class ParcelPost {
    private static final Logger log = System.getLogger(ParcelPost.class.getName());

    private static final Duration FIRST_LOOK = Duration.ofSeconds(1);

    /// How many looks a provider that has too much of ours is left alone for.
    private static final int REST = 5;

    private final Parcels parcels;
    private final Bulk bulk;
    private final RowRules rules;
    private final Purse purse;
    private final LongPredicate isDone;
    private final InstantSource time;

    /// Of parcels that may have been handed in although nobody noted it.
    private final Set<Integer> uncertain = new HashSet<>();

    private final Set<Integer> recalled = new HashSet<>();
    private final Map<Integer, Instant> resting = new HashMap<>();

    private Duration next = FIRST_LOOK;

    /// Until when parcels may be out: from `recall` on they are called back, and at `leave` those
    /// that are not here are left.
    record Times(Instant recall, Instant leave) {}

    /// `earlier` parcels have been here before; the money for those under way is put aside.
    ParcelPost(Work work, InstantSource time, int earlier) {
        this.parcels = work.parcels;
        this.bulk = work.bulk;
        this.rules = work.rules;
        this.purse = work.purse;
        this.isDone = work.isDone;
        this.time = time;
        for (int number = 0; number < earlier; number++) {
            uncertain.add(number);
        }
    }

    /// What it works with and for.
    record Work(Parcels parcels, Bulk bulk, RowRules rules, Purse purse, LongPredicate isDone) {}

    /// Returns when no parcel is out any more, or false when it was stopped before.
    boolean await(Times times, CountDownLatch stop) throws IOException, InterruptedException {
        while (true) {
            for (var parcel : parcels.outstanding()) {
                if (stop.getCount() == 0) {
                    return false;
                }
                step(parcel, times);
            }
            var left = parcels.outstanding();
            if (left.isEmpty()) {
                return true;
            }
            var now = time.instant();
            if (!now.isBefore(times.leave)) {
                for (var parcel : left) {
                    giveUp(parcel, "was not done in time");
                }
                return true;
            }
            if (stop.await(pause(now, times).toMillis(), TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
    }

    /// Short at first, since what is little may be back soon.
    private Duration pause(Instant now, Times times) {
        var most = bulk.habits().betweenLooks();
        next = next.compareTo(most) < 0 ? next : most;
        var until = now.plus(next);
        next = next.multipliedBy(2);
        for (var border : List.of(times.recall, times.leave)) {
            until = border.isAfter(now) && border.isBefore(until) ? border : until;
        }
        return Duration.between(now, until).plusMillis(1);
    }

    private void step(Parcel parcel, Times times) throws IOException, InterruptedException {
        var model = rules.find(parcel.model());
        if (model.isEmpty()) {
            giveUp(parcel, "has a model that has gone");
            return;
        }
        switch (parcel.stage()) {
            case PACKED -> handIn(parcel, model.get(), times);
            case HANDED_IN -> look(parcel, model.get(), times);
            case HERE, GIVEN_UP -> {}
        }
    }

    private void handIn(Parcel parcel, Model model, Times times)
            throws IOException, InterruptedException {
        var now = time.instant();
        boolean late = !now.isBefore(times.recall);
        if (uncertain.contains(parcel.number())) {
            switch (bulk.find(model, parcel.mark())) {
                case Handed.In(var id) -> {
                    keep(parcel.handedIn(id));
                    return;
                }
                case Handed.Unknown(var reason) -> {
                    log.log(Level.WARNING, "{0} cannot be looked for: {1}", words(parcel), reason);
                    return;
                }
                case Handed.Refused _ -> uncertain.remove(parcel.number());
            }
        }
        if (late) {
            giveUp(parcel, "could not be handed in before it was too late");
            return;
        }
        if (resting.getOrDefault(parcel.number(), Instant.MIN).isAfter(now)) {
            return;
        }
        switch (bulk.handIn(model, parcels.lines(parcel.number()), parcel.mark())) {
            case Handed.In(var id) -> keep(parcel.handedIn(id));
            case Handed.Unknown(var reason) -> {
                uncertain.add(parcel.number());
                log.log(Level.WARNING, "{0} could not be handed in: {1}", words(parcel), reason);
            }
            case Handed.Refused(var reason) -> giveUp(parcel, "was not taken: " + reason);
        }
    }

    private void keep(Parcel parcel) throws IOException {
        parcels.write(parcel);
        log.log(Level.INFO, "{0} is with the provider as {1}", words(parcel), parcel.id());
    }

    private void look(Parcel parcel, Model model, Times times)
            throws IOException, InterruptedException {
        var look = bulk.look(model, parcel.id());
        switch (look.state()) {
            case ENDED -> fetch(parcel, model, look.results());
            case FAILED -> giveUp(parcel, "was not answered: " + look.reason());
            case CROWDED -> {
                var rest = bulk.habits().betweenLooks().multipliedBy(REST);
                resting.put(parcel.number(), time.instant().plus(rest));
                parcels.write(parcel.anew(UUID.randomUUID().toString()));
            }
            case WORKING, UNKNOWN -> {
                boolean late = !time.instant().isBefore(times.recall);
                if (late && recalled.add(parcel.number())) {
                    log.log(Level.INFO, "{0} is called back", words(parcel));
                    bulk.recall(model, parcel.id());
                }
            }
        }
    }

    private void fetch(Parcel parcel, Model model, List<String> results)
            throws IOException, InterruptedException {
        var fresh = parcels.fresh(parcel.number());
        Files.deleteIfExists(fresh);
        Files.createFile(fresh);
        for (var result : results) {
            if (!bulk.fetch(model, result, fresh)) {
                log.log(Level.WARNING, "{0} could not be fetched yet", words(parcel));
                return;
            }
        }
        Workplace.sync(fresh);
        Files.move(fresh, parcels.results(parcel.number()), StandardCopyOption.ATOMIC_MOVE);
        var here = parcel.at(Parcel.Stage.HERE);
        try (var unpacked = Unpacked.open(here, parcels.results(here.number()), bulk, model)) {
            purse.settle(parcel.held(), unpacked.cost(isDone.negate()));
        }
        parcels.write(here);
        Files.deleteIfExists(parcels.lines(parcel.number()));
        log.log(Level.INFO, "{0} is back", words(parcel));
    }

    private void giveUp(Parcel parcel, String why) throws IOException {
        purse.settle(parcel.held(), 0);
        parcels.write(parcel.at(Parcel.Stage.GIVEN_UP));
        boolean mayHaveCost = parcel.stage() == Parcel.Stage.HANDED_IN;
        var told =
                mayHaveCost
                        ? Reply.Failure.of(why, RetryOn.OTHER)
                        : Reply.Failure.unsent(why, RetryOn.OTHER);
        parcel.rows().stream()
                .mapToObj(row -> Parcel.name(parcel.first() + row))
                .forEach(
                        name ->
                                rules.find(parcel.model())
                                        .ifPresent(model -> bulk.told(model, name, told)));
        Files.deleteIfExists(parcels.lines(parcel.number()));
        log.log(Level.WARNING, "{0} {1}: its rows are asked directly", words(parcel), why);
    }

    private static String words(Parcel parcel) {
        return "a parcel of "
                + parcel.rows().cardinality()
                + " rows from row "
                + (parcel.first() + 1)
                + " on";
    }
}
