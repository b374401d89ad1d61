package carillon.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Asks the system's resolver, whose look-ups cannot be interrupted and hold on to the thread that
/// makes them: on a few threads of their own, so that a silent name server holds up nothing else.
final class SystemNames implements Names, AutoCloseable {
    private static final int THREADS = 32;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ThreadPoolExecutor lookUps;

    SystemNames() {
        lookUps =
                new ThreadPoolExecutor(
                        THREADS,
                        THREADS,
                        10,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        Thread.ofPlatform().daemon().name("egress-names-", 0).factory());
        lookUps.allowCoreThreadTimeOut(true);
    }

    @Override
    public List<InetAddress> lookUp(String host) throws UnknownHostException {
        var answer = lookUps.submit(() -> List.of(InetAddress.getAllByName(host)));
        try {
            return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            var unknown = new UnknownHostException(host);
            unknown.initCause(e.getCause());
            throw unknown;
        } catch (TimeoutException e) {
            answer.cancel(true);
            var unknown = new UnknownHostException(host + ", the name server does not answer");
            unknown.initCause(e);
            throw unknown;
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            var unknown = new UnknownHostException(host);
            unknown.initCause(e);
            throw unknown;
        }
    }

    @Override
    public void close() {
        lookUps.shutdownNow();
    }
}
