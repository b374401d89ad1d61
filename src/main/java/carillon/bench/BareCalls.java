package carillon.bench;

import carillon.egress.Egress;
import carillon.egress.EgressReply;
import carillon.egress.EgressRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/// The same request from many callers, again and again, with nothing around it: what the client and
/// its target can do at all.
final class BareCalls {
    private BareCalls() {}

    /// Answers a second. Throws when a request was not answered.
    static double rate(Egress egress, EgressRequest request, int callers, Duration length)
            throws IOException {
        var answers = new AtomicLong();
        var others = new AtomicLong();
        long begin = System.nanoTime();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < callers; i++) {
                threads.execute(
                        () -> {
                            while (System.nanoTime() - begin < length.toNanos()) {
                                (isAnswered(egress, request) ? answers : others).incrementAndGet();
                            }
                        });
            }
        }
        if (others.get() > 0) {
            throw new IOException(others + " requests of the bare loop were not answered");
        }
        return answers.get() / ((System.nanoTime() - begin) / 1e9);
    }

    static boolean isAnswered(Egress egress, EgressRequest request) {
        try {
            return egress.send(request) instanceof EgressReply.Answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
