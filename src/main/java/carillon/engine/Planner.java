package carillon.engine;

import carillon.run.SlotDecision;
import carillon.run.SlotStore;
import carillon.task.Planning;
import carillon.task.TaskId;
import java.time.Duration;
import java.time.Instant;

/// Turns fire times into runs a little before they are due, leased to this node, as many as it has
/// room for.
public final class Planner implements Duty, Planning {
    /// How far ahead fire times are planned.
    static final Duration HORIZON = Duration.ofSeconds(1);

    /// Fire times that come into the horizon are gathered for this long, so that many share a
    /// transaction.
    private static final Duration GATHER = Duration.ofMillis(200);

    private static final Duration LOOK_ANYWAY = Duration.ofSeconds(1);
    private static final int MAX_TASKS = 2_000;

    private final SlotStore slots;
    private final Membership membership;
    private final Dispatcher dispatcher;
    private final Signal planSignal;
    private final Signal claimSignal;

    public Planner(
            SlotStore slots,
            Membership membership,
            Dispatcher dispatcher,
            Signal planSignal,
            Signal claimSignal) {
        this.slots = slots;
        this.membership = membership;
        this.dispatcher = dispatcher;
        this.planSignal = planSignal;
        this.claimSignal = claimSignal;
    }

    @Override
    public Instant runOnce(Instant now) {
        var holder = membership.holder(now);
        int room = Math.min(MAX_TASKS, dispatcher.freeRoom());
        if (holder.isEmpty() || room == 0) {
            return now.plus(LOOK_ANYWAY); // Woken earlier when there is room again.
        }
        var until = now.plus(HORIZON);
        if (isNothingBefore(until)) {
            return nextLook(now);
        }
        var planned =
                slots.plan(until, room, holder.get(), task -> SlotDecision.of(task, now, until));
        dispatcher.accept(planned.leases());
        return planned.tasks() >= room ? now : nextLook(now);
    }

    private boolean isNothingBefore(Instant until) {
        var next = slots.nextLook();
        return next.isEmpty() || next.get().isAfter(until);
    }

    private Instant nextLook(Instant now) {
        var latest = now.plus(LOOK_ANYWAY);
        var next = slots.nextLook().map(look -> look.minus(HORIZON).plus(GATHER));
        return next.filter(latest::isAfter).orElse(latest);
    }

    @Override
    public void planUpTo(TaskId task, Instant now) {
        boolean behind = true;
        while (behind) {
            var plan = slots.planOne(task, found -> SlotDecision.of(found, now, now));
            behind =
                    plan.flatMap(written -> written.nextFireAt())
                            .filter(next -> !next.isAfter(now))
                            .isPresent();
        }
        claimSignal.fire();
    }

    @Override
    public void wake() {
        planSignal.fire();
    }
}
