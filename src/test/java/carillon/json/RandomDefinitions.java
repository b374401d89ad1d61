package carillon.json;

import carillon.action.Action;
import carillon.action.HttpAuth;
import carillon.action.HttpCall;
import carillon.action.Nothing;
import carillon.schedule.Calendar;
import carillon.schedule.Calendar.When;
import carillon.schedule.DstPolicy;
import carillon.schedule.Every;
import carillon.schedule.Once;
import carillon.schedule.Schedule;
import carillon.schedule.Schedules;
import carillon.schedule.Timetable;
import carillon.task.Budget;
import carillon.task.ConcurrencyPolicy;
import carillon.task.Delivery;
import carillon.task.MisfirePolicy;
import carillon.task.Notify;
import carillon.task.Policies;
import carillon.task.Processing;
import carillon.task.ProcessorUse;
import carillon.task.RetryOn;
import carillon.task.RetryPolicy;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import java.math.BigDecimal;
import java.net.URI;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Draws definitions that are valid in every part.
final class RandomDefinitions {
    private static final List<String> CRONS =
            List.of("* * * * *", "0 9 * * MON-FRI", "H H * * *", "CRON_TZ=Asia/Tokyo 0 0 L * ?");
    private static final List<ZoneId> ZONES =
            List.of(ZoneId.of("UTC"), ZoneId.of("Europe/Berlin"), ZoneId.of("+05:30"));
    private static final List<String> TEXTS =
            List.of("", "plain", "two\nlines", "Glöckchen \ud83d\udd14", "\"quoted\" \\ /", "***");

    private final RandomGenerator dice;

    RandomDefinitions(RandomGenerator dice) {
        this.dice = dice;
    }

    TaskDefinition draw(TaskId id) {
        return new TaskDefinition(
                "name " + dice.nextInt(1000),
                from(TEXTS),
                maybe(timetable(id)),
                action(),
                policies(),
                dice.nextBoolean() ? labels() : tags(),
                maybe(budget()),
                processing());
    }

    private Processing processing() {
        var host = from(List.of("https://a.example", "https://b.example:8443"));
        var uses =
                List.of(
                        use("console", Map.of()),
                        use("file", Map.of("path", "{{date}}/x.txt", "mode", "append")),
                        use("webhook", Map.of("url", host + "/x?y=1", "secret", "plain")),
                        use("webhook", Map.of("url", host + "/x?y=1")),
                        use("slack", Map.of("url", host + "/services/" + dice.nextInt(100))),
                        use("teams", Map.of("url", host + "/" + dice.nextInt(100) + "?sig=1")),
                        use("email", Map.of("to", "a@b.example", "subject", "{{task}}")),
                        use("github", Map.of("repository", "a/b", "issue", "12")));
        var some = uses.stream().filter(_ -> dice.nextInt(4) == 0).toList();
        return new Processing(some, one(Notify.values()));
    }

    private ProcessorUse use(String type, Map<String, String> config) {
        return new ProcessorUse(type, config, maybe("{{response}} of {{task}}\n"));
    }

    private Budget budget() {
        return new Budget(
                BigDecimal.valueOf(dice.nextLong(1_000_000_000L), dice.nextInt(10)),
                one(Budget.Period.values()),
                from(ZONES),
                one(Budget.OnExhausted.values()));
    }

    private Timetable timetable(TaskId id) {
        var start = Instant.ofEpochMilli(dice.nextLong(2_000_000_000_000L));
        return new Timetable(
                schedule(id),
                maybe(start),
                maybe(start.plusMillis(1 + dice.nextLong(1_000_000_000_000L))),
                dice.nextBoolean() ? OptionalLong.of(1 + dice.nextInt(99)) : OptionalLong.empty(),
                dice.nextBoolean() ? Set.of(LocalDate.of(2026, 12, 25)) : Set.of());
    }

    private Schedule schedule(TaskId id) {
        var dst = new DstPolicy(one(DstPolicy.Gap.values()), one(DstPolicy.Overlap.values()));
        var anchor = Instant.ofEpochMilli(dice.nextLong(2_000_000_000_000L));
        return switch (dice.nextInt(5)) {
            case 0 -> Schedules.cron(from(CRONS), from(ZONES), dst, id.value(), anchor);
            case 1 -> Schedules.cron("@every 90s", from(ZONES), dst, id.value(), anchor);
            case 2 -> new Every(Duration.ofMillis(1 + dice.nextInt(1_000_000_000)), anchor);
            case 3 -> new Once(anchor);
            default -> new Calendar(when(), time(), from(ZONES), dst);
        };
    }

    private When when() {
        return switch (dice.nextInt(3)) {
            case 0 -> new When.Daily();
            case 1 -> new When.Weekly(one(DayOfWeek.values()));
            default -> new When.Monthly(1 + dice.nextInt(31));
        };
    }

    private LocalTime time() {
        return LocalTime.ofSecondOfDay(dice.nextInt(86_400));
    }

    private Action action() {
        if (dice.nextInt(4) == 0) {
            return new Nothing();
        }
        return new HttpCall(
                URI.create(
                        from(List.of("http://a.example/x?y=1#z", "https://u:p%40@b.example:8443"))),
                from(HttpRules.METHODS),
                headers(),
                maybe(
                        from(
                                List.of(
                                        "",
                                        "text",
                                        "{\"a\":[1.50,null]}",
                                        "{ \"a\" : 1 }",
                                        "[",
                                        "***"))),
                maybe(auth()),
                dice.nextBoolean() ? Set.of(200, 204, 404) : Set.of(),
                maybe(from(List.of("plain", "whsec_c2VjcmV0"))));
    }

    private Map<String, String> headers() {
        var headers = new LinkedHashMap<String, String>();
        for (var name : List.of("X-Zebra", "Authorization", "accept", "X-Session-Token")) {
            if (dice.nextBoolean()) {
                headers.put(name, "value " + dice.nextInt(100));
            }
        }
        return headers;
    }

    private HttpAuth auth() {
        return switch (dice.nextInt(3)) {
            case 0 -> new HttpAuth.Basic("user", "pass:word");
            case 1 -> new HttpAuth.Bearer("token-" + dice.nextInt(100));
            default -> new HttpAuth.ApiKey("key-" + dice.nextInt(100), "X-My-Header");
        };
    }

    private Policies policies() {
        return new Policies(
                new RetryPolicy(
                        1 + dice.nextInt(100),
                        Duration.ofNanos(dice.nextLong(10_000_000_000L)),
                        Duration.ofMillis(dice.nextLong(10_000_000)),
                        1 + dice.nextDouble() * 99,
                        dice.nextBoolean() ? RetryOn.TRANSIENT : Set.of(new RetryOn("404"))),
                Duration.ofMillis(1 + dice.nextInt(86_400_000)),
                one(ConcurrencyPolicy.values()),
                new MisfirePolicy(
                        one(MisfirePolicy.Kind.values()),
                        1 + dice.nextInt(1000),
                        Duration.ofSeconds(dice.nextInt(1_000_000))),
                one(Delivery.values()),
                Duration.ofMillis(dice.nextInt(86_400_000)),
                dice.nextInt(11));
    }

    private Map<String, String> tags() {
        var tags = new LinkedHashMap<String, String>();
        for (var name : List.of("team", "cost centre", "env")) {
            if (dice.nextBoolean()) {
                tags.put(name, from(TEXTS));
            }
        }
        return tags;
    }

    private Map<String, String> labels() {
        var labels = new LinkedHashMap<String, String>();
        labels.put("urgent", "");
        labels.put("a label", "");
        return labels;
    }

    private <T> Optional<T> maybe(T value) {
        return dice.nextBoolean() ? Optional.of(value) : Optional.empty();
    }

    private <T> T from(List<T> values) {
        return values.get(dice.nextInt(values.size()));
    }

    private <T> T one(T[] values) {
        return values[dice.nextInt(values.length)];
    }
}
