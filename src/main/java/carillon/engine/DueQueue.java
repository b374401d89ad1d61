package carillon.engine;

import carillon.run.Lease;
import carillon.run.RunId;
import carillon.task.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/// The leased runs that have not begun: those that wait for their due time, and those that are due
/// and wait for a slot. Among the latter the highest priority goes first, then the longest due;
/// runs of quick tasks go on when there is no slot but one that is kept for them. Safe for use by
/// many threads.
final class DueQueue {
    private final PriorityQueue<Entry> waiting =
            new PriorityQueue<>(Comparator.comparingLong(Entry::dueAt));
    private final PriorityQueue<Entry> ready = new PriorityQueue<>(Entry::compareWhenDue);
    private final PriorityQueue<Entry> quick = new PriorityQueue<>(Entry::compareWhenDue);

    /// Gives slots to runs. Each method returns false when there is none.
    interface Slots {
        /// Whether runs of that task may have the slots that are kept for quick ones.
        boolean isQuick(TaskId task);

        boolean tryTake();

        /// Of those that are kept for quick ones, too.
        boolean tryTakeKept();
    }

    /// A lease with what it is ordered by, taken out once: there can be many comparisons.
    private record Entry(Lease lease, long dueAt, int priority, long id) {
        boolean conducts() {
            return lease.definition().action().conducts();
        }

        static Entry of(Lease lease) {
            var run = lease.run();
            return new Entry(
                    lease, run.dueAt().toEpochMilli(), run.occasion().priority(), run.id().value());
        }

        static int compareWhenDue(Entry one, Entry other) {
            if (one.priority != other.priority) {
                return Integer.compare(other.priority, one.priority);
            }
            return one.dueAt != other.dueAt
                    ? Long.compare(one.dueAt, other.dueAt)
                    : Long.compare(one.id, other.id);
        }
    }

    synchronized void add(List<Lease> leases) {
        for (var lease : leases) {
            waiting.add(Entry.of(lease));
        }
    }

    /// Takes the runs that are due at `now`, in order, as long as there are slots for them. Those
    /// that only see to others need none.
    synchronized List<Lease> takeDue(Instant now, Slots slots) {
        long millis = now.toEpochMilli();
        var taken = new ArrayList<Lease>();
        for (var next = waiting.peek();
                next != null && next.dueAt <= millis;
                next = waiting.peek()) {
            var due = waiting.remove();
            if (due.conducts()) {
                taken.add(due.lease);
            } else {
                (slots.isQuick(due.lease.run().task()) ? quick : ready).add(due);
            }
        }
        for (var first = first(); !first.isEmpty() && slots.tryTake(); first = first()) {
            taken.add(first.remove().lease);
        }
        while (!quick.isEmpty() && slots.tryTakeKept()) {
            taken.add(quick.remove().lease);
        }
        return taken;
    }

    /// The one that begins with what comes before all others.
    private PriorityQueue<Entry> first() {
        if (ready.isEmpty() || quick.isEmpty()) {
            return ready.isEmpty() ? quick : ready;
        }
        return Entry.compareWhenDue(ready.element(), quick.element()) < 0 ? ready : quick;
    }

    /// When the next run becomes due of those that are not due yet; empty when there is none.
    synchronized Optional<Instant> nextDue() {
        return Optional.ofNullable(waiting.peek()).map(next -> Instant.ofEpochMilli(next.dueAt));
    }

    /// Returns whether the run was here.
    synchronized boolean remove(RunId run) {
        return waiting.removeIf(entry -> entry.id == run.value())
                || ready.removeIf(entry -> entry.id == run.value())
                || quick.removeIf(entry -> entry.id == run.value());
    }

    synchronized int size() {
        return waiting.size() + ready.size() + quick.size();
    }

    /// Takes everything.
    synchronized List<Lease> drain() {
        var left = new ArrayList<Lease>();
        waiting.forEach(entry -> left.add(entry.lease));
        ready.forEach(entry -> left.add(entry.lease));
        quick.forEach(entry -> left.add(entry.lease));
        waiting.clear();
        ready.clear();
        quick.clear();
        return left;
    }
}
