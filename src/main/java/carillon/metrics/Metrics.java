package carillon.metrics;

import static java.util.Objects.requireNonNull;

import carillon.run.Performer;
import carillon.web.Watch;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// All meters of a server. Names begin with `carillon_`, but for those of the JVM and the process.
public final class Metrics implements AutoCloseable {
    /// Prometheus's text format.
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    /// It refers weakly to what meters look at, so that is this object, and strongly to how.
    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    private final JvmGcMetrics collections = new JvmGcMetrics();

    public Metrics() {
        new JvmMemoryMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        collections.bindTo(registry);
    }

    /// A value that goes up and down, asked for when somebody looks.
    public void gauge(String name, String help, LongSupplier value) {
        Gauge.builder(name, this, _ -> value.getAsLong()).description(help).register(registry);
    }

    /// A value that only grows, counted elsewhere and asked for when somebody looks. `labels` are
    /// names and values in turn.
    public void counter(String name, String help, LongSupplier value, String... labels) {
        FunctionCounter.builder(name, this, _ -> value.getAsLong())
                .description(help)
                .tags(labels)
                .register(registry);
    }

    /// How often something was done, and how long it took in all, in nanoseconds.
    public void seconds(String name, String help, LongSupplier times, LongSupplier nanos) {
        FunctionTimer.builder(
                        name,
                        this,
                        _ -> times.getAsLong(),
                        _ -> nanos.getAsLong(),
                        TimeUnit.NANOSECONDS)
                .description(help)
                .register(registry);
    }

    /// Counts and times requests by API, route and status.
    public Watch watch() {
        return (api, route, status, took) ->
                Timer.builder("carillon.http.requests")
                        .description("HTTP requests answered.")
                        .tag("api", api)
                        .tag("route", route)
                        .tag("status", Integer.toString(status))
                        .register(registry)
                        .record(took);
    }

    /// The performer, with its attempts counted and timed.
    public Performer metered(Performer performer, InstantSource time) {
        return new MeteredPerformer(requireNonNull(performer, "performer"), registry, time);
    }

    static Timer lateness(MeterRegistry registry) {
        return Timer.builder("carillon.lateness")
                .description("From the due time of a run to the start of its first attempt.")
                .serviceLevelObjectives(
                        Duration.ofMillis(1),
                        Duration.ofMillis(5),
                        Duration.ofMillis(10),
                        Duration.ofMillis(50),
                        Duration.ofMillis(100),
                        Duration.ofMillis(250),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(5),
                        Duration.ofMinutes(1))
                .register(registry);
    }

    /// All figures, as [#CONTENT_TYPE].
    public String text() {
        return registry.scrape();
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
