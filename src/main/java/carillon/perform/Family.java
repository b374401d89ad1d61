package carillon.perform;

import carillon.run.Endings;
import carillon.run.FamilyStore;
import carillon.run.FamilyStore.Child;
import carillon.run.Lease;
import carillon.run.LeaseStore.NewRun;
import carillon.run.RunId;
import carillon.run.RunState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The runs that one run sees to, as the attempt that conducts it knows them. For one thread, but
/// for [#stop].
final class Family implements AutoCloseable {
    /// How often those are looked at that may have ended unheard: on another node, or given up.
    private static final Duration LOOK_ANYWAY = Duration.ofSeconds(2);

    private static final int PAGE = 1_000;

    private final Lease parent;
    private final Conducting.Means means;
    private final Endings.Hearing hearing;
    private final Map<RunId, Child> open = new HashMap<>();
    private volatile boolean stopping;

    Family(Lease parent, Conducting.Means means) {
        this.parent = parent;
        this.means = means;
        this.hearing = means.endings().hear(parent.run().id());
    }

    /// All children, in the order in which they were written.
    List<Child> all() {
        var all = new ArrayList<Child>();
        long after = 0;
        while (true) {
            var page = means.store().children(parent.run().id(), after, PAGE);
            all.addAll(page);
            page.stream().filter(Family::isOpen).forEach(this::opened);
            if (page.size() < PAGE) {
                return all;
            }
            after = page.getLast().id().value();
        }
    }

    private void opened(Child child) {
        open.put(child.id(), child);
    }

    private static boolean isOpen(Child child) {
        return !child.state().isFinal();
    }

    int open() {
        return open.size();
    }

    /// Begins these runs, all or none, on this node if it has room for them. Throws
    /// [InterruptedException] when the parent is no longer this node's.
    void begin(List<NewRun> children, List<FamilyStore.NotDone> notDone)
            throws InterruptedException {
        var holder = means.intake().roomFor(children.size());
        var leases = means.store().enqueue(parent, children, notDone, holder);
        if (leases.isEmpty()) {
            throw new InterruptedException("the lease to " + parent.run().id() + " was lost");
        }
        for (var child : children) {
            var step = child.occasion().step();
            opened(new Child(child.id(), child.task(), step, RunState.QUEUED));
        }
        if (leases.get().size() == children.size()) {
            means.intake().accept(leases.get());
        } else {
            means.intake().wake();
        }
    }

    /// Those that have ended since the last call; waits a while for one. Those that are gone count
    /// as cancelled.
    List<Child> awaitEnds() throws InterruptedException {
        var heard = hearing.take(LOOK_ANYWAY);
        var look =
                heard.isEmpty()
                        ? List.copyOf(open.keySet())
                        : heard.stream().filter(open::containsKey).distinct().toList();
        var ended = new ArrayList<Child>();
        for (int i = 0; i < look.size(); i += PAGE) {
            var part = look.subList(i, Math.min(look.size(), i + PAGE));
            var children = means.store().of(part);
            children.stream().filter(child -> !isOpen(child)).forEach(ended::add);
            var there = children.stream().map(Child::id).collect(Collectors.toSet());
            for (var id : part) {
                var known = Optional.ofNullable(open.get(id));
                known.filter(_ -> !there.contains(id)).map(Family::gone).ifPresent(ended::add);
            }
        }
        ended.forEach(child -> open.remove(child.id()));
        return ended;
    }

    private static Child gone(Child child) {
        return new Child(child.id(), child.task(), child.step(), RunState.CANCELLED);
    }

    /// For any thread: whoever conducts is to set the run aside.
    void stop() {
        stopping = true;
        hearing.wake();
    }

    boolean isStopping() {
        return stopping;
    }

    @Override
    public void close() {
        hearing.close();
    }
}
