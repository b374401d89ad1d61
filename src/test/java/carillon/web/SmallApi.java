package carillon.web;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// An API with one route of each sort, and an error shape that no other has.
final class SmallApi implements Api {
    private final String name;
    private final Access access;
    final List<String> stored = new CopyOnWriteArrayList<>();
    final CountDownLatch entered = new CountDownLatch(1);
    final AtomicInteger waiting = new AtomicInteger();
    final CountDownLatch release = new CountDownLatch(1);

    SmallApi(String name, Access access) {
        this.name = name;
        this.access = access;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String prefix() {
        return "/" + name;
    }

    @Override
    public Access access() {
        return access;
    }

    @Override
    public Answer refuse(Refusal refusal, String requestId) {
        return Answer.of(
                refusal.kind().status(),
                Map.of("oops", refusal.kind().name(), "why", refusal.message()));
    }

    @Override
    public List<Route> routes() {
        return List.of(
                new Route(
                        Route.Method.GET,
                        "/health",
                        Permission.NONE,
                        _ -> Answer.ok(Map.of("up", true))),
                new Route(
                        Route.Method.GET,
                        "/things/{id}",
                        Permission.VIEW,
                        call ->
                                Answer.ok(
                                        Map.of(
                                                "id", call.path("id"),
                                                "caller", call.caller(),
                                                "q", call.query("q").orElse("none")))),
                new Route(Route.Method.POST, "/things", Permission.EDIT, this::store),
                new Route(Route.Method.DELETE, "/things", Permission.ADMINISTER, this::clear),
                new Route(Route.Method.GET, "/bug", Permission.VIEW, SmallApi::fail),
                new Route(Route.Method.GET, "/full", Permission.VIEW, SmallApi::full),
                new Route(
                        Route.Method.GET,
                        "/unwritable",
                        Permission.VIEW,
                        _ -> Answer.ok(new Object())),
                new Route(Route.Method.GET, "/slow", Permission.VIEW, this::slow),
                new Route(
                        Route.Method.GET,
                        "/feed",
                        Permission.VIEW,
                        _ -> Answer.stream(this::feed)));
    }

    private Answer store(Call call) {
        stored.add(call.json().toString());
        return Answer.created(call.json()).withHeader("Location", prefix() + "/things/1");
    }

    private Answer clear(Call call) {
        stored.clear();
        return Answer.ok(Map.of("by", call.caller()));
    }

    private static Answer fail(Call call) {
        throw new IllegalStateException("a bug with a secret");
    }

    private static Answer full(Call call) {
        throw new ArithmeticException("standing for a store that fails");
    }

    private Answer slow(Call call) throws InterruptedException {
        entered.countDown();
        waiting.incrementAndGet();
        release.await();
        return Answer.ok(Map.of("slow", true));
    }

    private void feed(Feed.Sink sink) throws InterruptedException {
        sink.event("1", "first", Map.of("n", 1));
        entered.countDown();
        release.await();
        sink.event("2", "last", Map.of("n", 2));
    }
}
