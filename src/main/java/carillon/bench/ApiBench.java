package carillon.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Requests of the native API a second: tasks made, each durable before its answer, tasks read, and
/// pages of tasks. Beside them an empty handler of the same server, in a process of its own, asked
/// by the same clients. All take turns.
public final class ApiBench {
    private static final String TASKS = "/api/v1/tasks";
    private static final Pattern ID = Pattern.compile("\"id\":(\\d+)");
    private static final Duration WARM_UP = Duration.ofSeconds(10);

    private final int rounds;
    private final Duration length;
    private final int clients;
    private final AtomicLong made = new AtomicLong();
    private final ConcurrentLinkedQueue<Long> fresh = new ConcurrentLinkedQueue<>();

    /// Each of the rounds takes about `length`, for each of five kinds of requests.
    public ApiBench(int rounds, Duration length, int clients) {
        this.rounds = rounds;
        this.length = length;
        this.clients = clients;
    }

    /// What is asked: `request` makes each request anew.
    private record Kind(String name, Child server, int port, int status, Asked asked) {}

    private interface Asked {
        byte[] request();

        default void answered(byte[] body) {}
    }

    /// How one round of one kind went. `cpu` is the server's processor time for a request, in
    /// microseconds; half of the requests took at most `p50` milliseconds, 99 % at most `p99`.
    private record Round(double rate, double cpu, double p50, double p99) {}

    /// Works in `folder`.
    public List<Result> run(Place place, Path folder) throws IOException, InterruptedException {
        try (var empty = Child.start("bench", "empty");
                var whole = BenchServer.start(place.settings(), folder)) {
            int emptyPort = Integer.parseInt(empty.readLine(), 10);
            var server = whole.process();
            int port = whole.port();
            var key = whole.key();
            var kinds =
                    List.of(
                            new Kind("empty get", empty, emptyPort, 200, empty(key, false)),
                            new Kind("empty post", empty, emptyPort, 201, empty(key, true)),
                            new Kind("create", server, port, 201, new Creating(key)),
                            new Kind("read", server, port, 200, new Reading(key)),
                            new Kind("list", server, port, 200, listing(key)));
            for (var kind : kinds) {
                measure(kind, WARM_UP);
            }
            var measured = new HashMap<String, List<Round>>();
            for (int round = 0; round < rounds; round++) {
                for (var kind : kinds) {
                    measured.computeIfAbsent(kind.name(), _ -> new ArrayList<>())
                            .add(measure(kind, length));
                }
            }
            return List.of(
                    result(place, "create", measured, "empty post"),
                    result(place, "read", measured, "empty get"),
                    result(place, "list", measured, "empty get"));
        }
    }

    private static Asked empty(String key, boolean post) {
        var request =
                post
                        ? Connection.post(EmptyApi.PATH, key, task(0))
                        : Connection.get(EmptyApi.PATH, key);
        return () -> request;
    }

    private static Asked listing(String key) {
        var request = Connection.get(TASKS, key);
        return () -> request;
    }

    private static String task(long number) {
        return """
        {"name":"bench %d","description":"made by a bench",\
        "schedule":{"cron":"%d 9 * * MON-FRI","timezone":"America/New_York"},\
        "action":{"http":{"url":"https://example.com/hook","method":"POST","body":"{}"}}}"""
                .formatted(number, number % 60);
    }

    private final class Creating implements Asked {
        private final String key;

        Creating(String key) {
            this.key = key;
        }

        @Override
        public byte[] request() {
            return Connection.post(TASKS, key, task(made.incrementAndGet()));
        }

        @Override
        public void answered(byte[] body) {
            var id = ID.matcher(new String(body, UTF_8));
            if (id.find()) {
                fresh.add(Long.parseLong(id.group(1), 10));
            }
        }
    }

    /// Any of the tasks that have been made.
    private final class Reading implements Asked {
        private final String key;
        private long[] ids = {};

        Reading(String key) {
            this.key = key;
        }

        @Override
        public byte[] request() {
            return Connection.get(TASKS + "/" + any(), key);
        }

        private synchronized long any() {
            if (ids.length == 0) {
                ids = fresh.stream().mapToLong(Long::longValue).toArray();
            }
            return ids[ThreadLocalRandom.current().nextInt(ids.length)];
        }
    }

    private Round measure(Kind kind, Duration lasting) throws IOException, InterruptedException {
        double cpuBefore = kind.server().cpuSeconds();
        long begin = System.nanoTime();
        long end = begin + lasting.toNanos();
        var shares = new ArrayList<Future<long[]>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < clients; i++) {
                shares.add(threads.submit(() -> askUntil(kind, end)));
            }
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        double cpu = kind.server().cpuSeconds() - cpuBefore;
        var nanos = new ArrayList<long[]>();
        for (var share : shares) {
            try {
                nanos.add(share.get());
            } catch (ExecutionException e) {
                throw new IOException(kind.name() + " went wrong", e.getCause());
            }
        }
        var all = nanos.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        return new Round(
                all.length / seconds, 1e6 * cpu / all.length, millis(all, 0.5), millis(all, 0.99));
    }

    private static long[] askUntil(Kind kind, long end) throws IOException {
        var nanos = new long[1024];
        int count = 0;
        try (var connection = new Connection(kind.port())) {
            for (long before = System.nanoTime(); before < end; before = System.nanoTime()) {
                var body = connection.ask(kind.asked().request(), kind.status());
                if (count == nanos.length) {
                    nanos = Arrays.copyOf(nanos, 2 * count);
                }
                nanos[count++] = System.nanoTime() - before;
                kind.asked().answered(body);
            }
        }
        return Arrays.copyOf(nanos, count);
    }

    private Result result(
            Place place, String name, Map<String, List<Round>> measured, String beside) {
        var rounds = measured.getOrDefault(name, List.of());
        var empty = measured.getOrDefault(beside, List.of());
        var more = new LinkedHashMap<String, Object>();
        more.put("request", name);
        more.put("clients", clients);
        more.put("p50_ms", spread(rounds, Round::p50).median());
        more.put("p99_ms", spread(rounds, Round::p99).median());
        more.put("cpu_us", spread(rounds, Round::cpu).median());
        more.put("baseline_cpu_us", spread(empty, Round::cpu).median());
        return new Result(
                "api",
                place.database(),
                spread(rounds, Round::rate),
                spread(empty, Round::rate),
                more);
    }

    private static Spread spread(List<Round> rounds, Function<Round, Double> figure) {
        return new Spread(rounds.stream().map(figure).toList());
    }

    private static double millis(long[] sorted, double part) {
        return sorted[(int) Math.min(sorted.length - 1L, (long) (part * sorted.length))] / 1e6;
    }
}
