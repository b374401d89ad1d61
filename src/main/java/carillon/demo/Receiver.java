package carillon.demo;

import io.javalin.Javalin;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The target that the sample tasks call, on a free port of loopback. `/ok` answers at once;
/// `/slow` after three seconds; `/flaky` refuses every first attempt of a webhook.
final class Receiver implements AutoCloseable {
    private static final Duration SLOWNESS = Duration.ofSeconds(3);

    private final Map<String, Integer> tries = new ConcurrentHashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Javalin javalin;

    Receiver() {
        javalin =
                Javalin.create(
                        config -> {
                            config.startup.showJavalinBanner = false;
                            config.startup.showOldJavalinVersionWarning = false;
                            config.startup.startupWatcherEnabled = false;
                            config.concurrency.useVirtualThreads = true;
                            config.routes.post("/ok", context -> context.json("{\"ok\":true}"));
                            config.routes.post("/slow", this::slow);
                            config.routes.post("/flaky", this::flaky);
                        });
        javalin.start("127.0.0.1", 0);
    }

    private void slow(Context context) throws InterruptedException {
        boolean stopped = closing.await(SLOWNESS.toMillis(), TimeUnit.MILLISECONDS);
        context.status(stopped ? 503 : 200).json("{\"ok\":true,\"slow\":true}");
    }

    private void flaky(Context context) {
        var id = String.valueOf(context.header("webhook-id"));
        boolean first = tries.merge(id, 1, Integer::sum) == 1;
        context.status(first ? 503 : 200).json("{\"ok\":" + !first + "}");
    }

    String url(String path) {
        return "http://127.0.0.1:" + javalin.port() + path;
    }

    @Override
    public void close() {
        closing.countDown();
        javalin.stop();
    }
}
