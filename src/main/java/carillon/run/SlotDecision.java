package carillon.run;

import carillon.schedule.FireTime;
import carillon.schedule.Spread;
import carillon.schedule.Timetable;
import carillon.task.MisfirePolicy;
import carillon.task.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Decides what becomes of a task's fire times up to an instant: which run, which are skipped and
/// which were missed. Pure: the same task at the same time gives the same plan.
public final class SlotDecision {
    /// How many fire times one decision settles; the rest follows at once in the next.
    static final int MAX_SETTLED = 100_000;

    /// How many runs one decision opens for a task.
    static final int MAX_OPEN = 50;

    /// How many rows of closed slots one decision writes.
    static final int MAX_ROWS = 100;

    /// How often the slots of a paused task are written down.
    static final Duration PAUSED_STRIDE = Duration.ofMinutes(1);

    private static final String PAUSED = "paused";

    private final Task task;
    private final Timetable timetable;
    private final Instant now;
    private final Instant until;
    private final List<Plan.Slot> slots = new ArrayList<>();
    private int opened;
    private int settled;

    private SlotDecision(Task task, Timetable timetable, Instant now, Instant until) {
        this.task = task;
        this.timetable = timetable;
        this.now = now;
        this.until = until;
    }

    /// The plan for the fire times from the task's next one up to and including `until` (those of a
    /// paused task only up to `now`).
    public static Plan of(Task task, Instant now, Instant until) {
        var timetable = task.definition().timetable();
        var next = task.progress().nextFireAt();
        if (timetable.isEmpty() || next.isEmpty()) {
            return new Plan(List.of(), Optional.empty(), Optional.empty(), 0);
        }
        var decision = new SlotDecision(task, timetable.get(), now, until);
        return task.paused() ? decision.whilePaused(next.get()) : decision.inForce(next.get());
    }

    /// The plan that skips the task's fire times up to and including `now`, whatever its misfire
    /// policy, because of `reason`.
    public static Plan skipping(Task task, Instant now, String reason) {
        var timetable = task.definition().timetable();
        var next = task.progress().nextFireAt();
        if (task.paused() || timetable.isEmpty() || next.isEmpty()) {
            return of(task, now, now);
        }
        var decision = new SlotDecision(task, timetable.get(), now, now);
        var left = decision.skip(next.get(), reason);
        return new Plan(decision.slots, left, left, 0);
    }

    private Plan whilePaused(Instant first) {
        var next = skip(first, PAUSED);
        return new Plan(slots, next, next.map(this::lookAgainWhilePaused), 0);
    }

    /// Closes the fire times up to now; returns the next one.
    private Optional<Instant> skip(Instant first, String reason) {
        var fire = timetable.next(first.minusMillis(1));
        while (fire.isPresent() && !fire.get().at().isAfter(now) && settled < MAX_SETTLED) {
            close(fire.get().at(), RunState.SKIPPED, reason);
            fire = timetable.next(fire.get().at());
        }
        return fire.map(FireTime::at);
    }

    private Instant lookAgainWhilePaused(Instant next) {
        var stride = now.plus(PAUSED_STRIDE);
        boolean behind = !next.isAfter(now);
        return behind || next.isAfter(stride) ? next : stride;
    }

    private Plan inForce(Instant first) {
        var lateBefore = now.minus(MisfirePolicy.GRACE);
        var catchUpFrom = first.isBefore(lateBefore) ? catchUpFrom(first, lateBefore) : first;
        var fire = timetable.next(first.minusMillis(1));
        while (fire.isPresent() && !fire.get().at().isAfter(until) && !isFull() && !isSpent()) {
            settle(fire.get(), catchUpFrom);
            fire = timetable.next(fire.get().at());
        }
        var next = isSpent() ? Optional.<Instant>empty() : fire.map(FireTime::at);
        return new Plan(slots, next, next, opened);
    }

    private boolean isFull() {
        return opened >= MAX_OPEN || settled >= MAX_SETTLED || slots.size() >= MAX_OPEN + MAX_ROWS;
    }

    private boolean isSpent() {
        var maxRuns = timetable.maxRuns();
        return maxRuns.isPresent() && task.progress().planned() + opened >= maxRuns.getAsLong();
    }

    private void settle(FireTime fire, Instant catchUpFrom) {
        var at = fire.at();
        switch (fire.fate()) {
            case EXCLUDED -> close(at, RunState.SKIPPED, "excluded date");
            case SKIPPED_BY_DST ->
                    close(at, RunState.SKIPPED, "the local time does not exist on this day");
            case RUN -> {
                if (at.isBefore(catchUpFrom)) {
                    close(at, RunState.MISSED, reasonMissed(at));
                } else {
                    open(at);
                }
            }
        }
    }

    /// The oldest missed fire time that still runs: the policy's newest few within its window.
    private Instant catchUpFrom(Instant first, Instant lateBefore) {
        var misfire = task.definition().policies().misfire();
        var earliest = later(first, windowStart());
        var from = lateBefore;
        int left = misfire.catchUp();
        var fire = timetable.previous(lateBefore);
        while (left > 0 && fire.isPresent() && !fire.get().at().isBefore(earliest)) {
            if (fire.get().runs()) {
                from = fire.get().at();
                left--;
            }
            fire = timetable.previous(fire.get().at());
        }
        return from;
    }

    private Instant windowStart() {
        return now.minus(task.definition().policies().misfire().window());
    }

    private String reasonMissed(Instant at) {
        var misfire = task.definition().policies().misfire();
        if (at.isBefore(windowStart())) {
            return "nobody could run it in time, and it is older than the catch-up window";
        }
        return switch (misfire.kind()) {
            case SKIP -> "nobody could run it in time, and the misfire policy is skip";
            case FIRE_ONCE ->
                    "nobody could run it in time, and the misfire policy runs only the newest";
            case FIRE_ALL ->
                    "nobody could run it in time, and the misfire policy runs only the newest "
                            + misfire.limit();
        };
    }

    private void open(Instant at) {
        settled++;
        opened++;
        var spread = Spread.delay(task.definition().policies().jitter(), task.id().value());
        slots.add(new Plan.Slot.Open(at, at.plus(spread)));
    }

    private void close(Instant at, RunState state, String reason) {
        settled++;
        if (!slots.isEmpty()
                && slots.getLast() instanceof Plan.Slot.Closed last
                && last.state() == state
                && last.reason().equals(reason)) {
            var longer = new Plan.Slot.Closed(last.fireTime(), at, last.count() + 1, state, reason);
            slots.set(slots.size() - 1, longer);
            return;
        }
        slots.add(new Plan.Slot.Closed(at, at, 1, state, reason));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
