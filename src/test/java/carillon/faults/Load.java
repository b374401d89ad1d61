package carillon.faults;

import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// Somebody who asks servers for tasks and runs while they suffer, and keeps in mind what was
/// acknowledged: only what was answered counts.
final class Load {
    private static final String AT_MOST_ONCE = "\"delivery\":\"at_most_once\",";

    /// Tasks that come later fire rarely, so that the load of a long trial stays what it was.
    private static final String LATER = "10s";

    private static final int CLIENTS = 64;

    private final List<Caller> callers;
    private final String target;
    private final int pauseMillis;
    private final RandomGenerator dice = RandomGenerator.getDefault();
    private final Queue<Long> tasks = new ConcurrentLinkedQueue<>();
    private final Queue<Long> idle = new ConcurrentLinkedQueue<>();
    private final Queue<Long> runs = new ConcurrentLinkedQueue<>();
    private volatile boolean asking = true;
    private Thread asker = new Thread();

    Load(List<Caller> callers, String target, int pauseMillis) {
        this.callers = callers;
        this.target = target;
        this.pauseMillis = pauseMillis;
    }

    /// Makes `count` tasks that are idle, by many clients.
    void store(int count) throws InterruptedException {
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CLIENTS; i++) {
                int share = count / CLIENTS + (i < count % CLIENTS ? 1 : 0);
                var caller = callers.get(i % callers.size());
                var _ = clients.submit(() -> createIdle(caller, share));
            }
        }
        if (idle.size() < count) {
            throw new IllegalStateException("only " + idle.size() + " tasks could be stored");
        }
    }

    private boolean createIdle(Caller caller, int count) throws IOException, InterruptedException {
        for (int i = 0; i < count; i++) {
            idle.add(caller.createIdle().orElseThrow());
        }
        return true;
    }

    /// Makes `rate` tasks that fire once a second, every tenth of them at most once, and begins to
    /// ask.
    void begin(int rate) throws IOException, InterruptedException {
        for (int i = 0; i < rate; i++) {
            var more = i % 10 == 9 ? AT_MOST_ONCE : "";
            create(callers.get(i % callers.size()), "1s", more);
        }
        asker = Thread.ofVirtual().start(this::askOnAndOn);
    }

    /// Asks no more.
    void end() throws InterruptedException {
        asking = false;
        asker.join();
    }

    private void create(Caller caller, String every, String more)
            throws IOException, InterruptedException {
        caller.create(target, every, more).ifPresent(tasks::add);
    }

    private void askOnAndOn() {
        try {
            while (asking) {
                ask();
                TimeUnit.MILLISECONDS.sleep(pauseMillis);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask() throws InterruptedException {
        try {
            var caller = callers.get(dice.nextInt(callers.size()));
            if (dice.nextInt(20) == 0) {
                create(caller, LATER, "");
            } else {
                caller.execute(tasks.element()).ifPresent(runs::add);
            }
        } catch (IOException e) {
            // It is dead or stopped at the moment; nothing was promised.
        }
    }

    /// The tasks that were acknowledged, those too that are idle.
    List<Long> tasks() {
        return Stream.concat(tasks.stream(), idle.stream()).toList();
    }

    /// The runs that were acknowledged.
    List<Long> runs() {
        return List.copyOf(runs);
    }
}
