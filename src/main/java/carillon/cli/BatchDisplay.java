package carillon.cli;

import carillon.batch.Batch;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/// Shows how far a batch is while it runs: a bar on a terminal, a line now and then elsewhere.
public final class BatchDisplay implements AutoCloseable {
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);
    private static final Duration BETWEEN_STEPS = Duration.ofMillis(200);
    private static final int WIDTH = 110;

    private final Batch batch;
    private final PrintWriter out;
    private final boolean terminal;
    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread thread;
    private Optional<ProgressBar> bar = Optional.empty();
    private long began;
    private long lastLine;
    private boolean waits;

    private BatchDisplay(Batch batch, PrintWriter out, boolean terminal) {
        this.batch = batch;
        this.out = out;
        this.terminal = terminal;
        this.thread = Thread.ofVirtual().unstarted(this::show);
    }

    public static BatchDisplay start(Batch batch, PrintWriter out, boolean terminal) {
        var display = new BatchDisplay(batch, out, terminal);
        display.thread.start();
        return display;
    }

    private void show() {
        try {
            while (!done.await(BETWEEN_STEPS.toMillis(), TimeUnit.MILLISECONDS)) {
                step(batch.progress());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void step(Batch.Progress progress) {
        if (progress.phase() == Batch.Progress.Phase.CHECKING) {
            return;
        }
        long now = System.nanoTime();
        if (progress.phase() == Batch.Progress.Phase.WAITING) {
            if (!waits) {
                waits = true;
                out.println("Rows are with providers that take them in bulk.");
                out.flush();
            }
            return;
        }
        if (began == 0) {
            began = now;
            lastLine = now;
        }
        if (!terminal) {
            line(progress, now);
            return;
        }
        var totals = progress.totals();
        var shown = bar.orElseGet(() -> open(progress));
        bar = Optional.of(shown);
        shown.stepTo(totals.rows());
        shown.setExtraMessage(
                " " + BatchWords.count(totals.failed()) + " failed, " + BatchWords.money(totals));
    }

    private void line(Batch.Progress progress, long now) {
        if (now - lastLine >= BETWEEN_LINES.toNanos()) {
            lastLine = now;
            out.println(BatchWords.progress(progress, Duration.ofNanos(now - began)));
            out.flush();
        }
    }

    private ProgressBar open(Batch.Progress progress) {
        return new ProgressBarBuilder()
                .setTaskName("rows")
                .setInitialMax(progress.rows())
                .startsFrom(progress.resumed(), Duration.ZERO)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis((int) BETWEEN_STEPS.toMillis())
                .setConsumer(new Terminal(out))
                .showSpeed()
                .build();
    }

    /// Ends what is shown with the last state.
    @Override
    public void close() {
        done.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (terminal) {
            step(batch.progress());
        }
        bar.ifPresent(ProgressBar::close);
    }

    /// Writes each state of the bar over the last one.
    private record Terminal(PrintWriter out) implements ProgressBarConsumer {
        @Override
        public int getMaxRenderedLength() {
            return WIDTH;
        }

        @Override
        public void accept(String rendered) {
            out.print("\r" + rendered);
            out.flush();
        }

        @Override
        public void close() {
            out.println();
            out.flush();
        }
    }
}
