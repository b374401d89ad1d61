package carillon.store;

import carillon.budget.Money;
import carillon.event.Event;
import carillon.outbox.Delivery;
import carillon.run.Run;
import carillon.run.RunState;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// The events of one transaction, and the form in which they are kept: a JSON array with one array
/// an event, `[type, task, run, state, trigger, fireTime, attempt, count, reason]` for a run's,
/// `[type, task, name, version]` for a task's, `[type, budget, label, percent, spent, limit]` for a
/// budget's and `[type, task, owner, delivery, way, target, attempt, reason]` for a delivery's.
/// What is rarer is `[type, {…}]`. Written short, because every run that is planned and every one
/// that ends leaves one.
final class EventPage {
    /// How many events one page holds at most; the ids of a page begin at a multiple of it.
    static final int WIDTH = 10_000;

    private static final String BUDGET_ALERT = "budget.alert";
    private static final JsonFactory JSON = new JsonFactory();
    private static final ObjectMapper READER = new ObjectMapper();

    private static final TypeReference<Map<String, Object>> FACTS = new TypeReference<>() {};

    private final List<Entry> entries = new ArrayList<>();

    private sealed interface Entry {
        String type();

        /// How many like ones it stands for.
        default long count() {
            return 1;
        }

        void write(JsonGenerator json) throws IOException;
    }

    /// Something that happened to a run. `run` is as it was before, but for the values named.
    private record RunEntry(
            String type, Run run, RunState state, int attempt, long count, String reason)
            implements Entry {
        @Override
        public void write(JsonGenerator json) throws IOException {
            json.writeString(type);
            json.writeNumber(run.task().value());
            json.writeNumber(run.id().value());
            json.writeString(state.name());
            json.writeString(run.occasion().trigger().name());
            json.writeNumber(run.occasion().fireTime().map(Instant::toEpochMilli).orElse(-1L));
            json.writeNumber(attempt);
            json.writeNumber(count);
            if (!reason.isEmpty()) {
                json.writeString(reason);
            }
        }
    }

    private record TaskEntry(String type, long task, String name, int version) implements Entry {
        @Override
        public void write(JsonGenerator json) throws IOException {
            json.writeString(type);
            json.writeNumber(task);
            json.writeString(name);
            json.writeNumber(version);
        }
    }

    /// Money in nanodollars.
    private record AlertEntry(long budget, String label, int percent, long spent, long limit)
            implements Entry {
        @Override
        public String type() {
            return BUDGET_ALERT;
        }

        @Override
        public void write(JsonGenerator json) throws IOException {
            json.writeString(BUDGET_ALERT);
            json.writeNumber(budget);
            json.writeString(label);
            json.writeNumber(percent);
            json.writeNumber(spent);
            json.writeNumber(limit);
        }
    }

    private record DeliveryEntry(String type, Delivery delivery, String reason) implements Entry {
        @Override
        public void write(JsonGenerator json) throws IOException {
            json.writeString(type);
            json.writeNumber(delivery.subject().task());
            json.writeNumber(delivery.subject().owner());
            json.writeNumber(delivery.id());
            json.writeString(delivery.type());
            json.writeString(delivery.target());
            json.writeNumber(delivery.progress().attempts());
            json.writeString(reason);
        }
    }

    /// Any other thing, told by facts that are JSON values.
    private record FactsEntry(String type, Map<String, Object> facts) implements Entry {
        @Override
        public void write(JsonGenerator json) throws IOException {
            json.writeString(type);
            json.writeRawValue(READER.writeValueAsString(facts));
        }
    }

    /// The run is in this state now, for this reason; the event is named after the state.
    void add(Run run, RunState state, String reason) {
        add(run, state, run.progress().attemptsUsed(), reason);
    }

    void add(Run run, RunState state, int attempt, String reason) {
        var type = "run." + state.name().toLowerCase(Locale.ROOT);
        entries.add(new RunEntry(type, run, state, attempt, run.count(), reason));
    }

    /// An attempt has failed, and the run waits for the next.
    void addRetrying(Run run, String reason) {
        entries.add(
                new RunEntry(
                        "run.retrying",
                        run,
                        RunState.QUEUED,
                        run.progress().attemptsUsed(),
                        run.count(),
                        reason));
    }

    /// The attempt has not begun, and the run waits for a better time.
    void addPostponed(Run run, String reason) {
        entries.add(
                new RunEntry(
                        "run.postponed",
                        run,
                        RunState.QUEUED,
                        run.progress().attemptsUsed() - 1,
                        run.count(),
                        reason));
    }

    void addTask(String type, long task, String name, int version) {
        entries.add(new TaskEntry(type, task, name, version));
    }

    /// So many percent of the limit are spent.
    void addBudgetAlert(long budget, String label, int percent, long spent, long limit) {
        entries.add(new AlertEntry(budget, label, percent, spent, limit));
    }

    void addFacts(String type, Map<String, Object> facts) {
        entries.add(new FactsEntry(type, facts));
    }

    void addAll(EventPage other) {
        entries.addAll(other.entries);
    }

    void addDelivery(String type, Delivery delivery, String reason) {
        entries.add(new DeliveryEntry(type, delivery, reason));
    }

    /// How often each type of event is here.
    Map<String, Long> counts() {
        return entries.stream()
                .collect(Collectors.groupingBy(Entry::type, Collectors.summingLong(Entry::count)));
    }

    /// The runs that have ended, each as it was before, without those that are steps.
    List<Run> ended() {
        return entries.stream()
                .filter(RunEntry.class::isInstance)
                .map(RunEntry.class::cast)
                .filter(entry -> entry.state.isFinal())
                .map(RunEntry::run)
                .filter(run -> run.occasion().step().isEmpty())
                .toList();
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /// The events as texts of at most [#WIDTH] events each.
    List<Page> pages() {
        var pages = new ArrayList<Page>();
        for (int from = 0; from < entries.size(); from += WIDTH) {
            var part = entries.subList(from, Math.min(from + WIDTH, entries.size()));
            pages.add(new Page(part.size(), text(part)));
        }
        return pages;
    }

    record Page(int count, String body) {}

    private static String text(List<Entry> entries) {
        var text = new StringWriter(entries.size() * 100);
        try (var json = JSON.createGenerator(text)) {
            json.writeStartArray();
            for (var entry : entries) {
                json.writeStartArray();
                entry.write(json);
                json.writeEndArray();
            }
            json.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /// Reads back what [#pages] wrote; the ids count up from `firstId`.
    static List<Event> read(long firstId, Instant at, String body) {
        JsonNode page;
        try {
            page = READER.readTree(body);
        } catch (IOException e) {
            throw new StoreException("the events from " + firstId + " on cannot be read", e);
        }
        var events = new ArrayList<Event>();
        long id = firstId;
        for (var entry : page) {
            var type = entry.get(0).textValue();
            events.add(new Event(id++, type, at, data(type, entry)));
        }
        return events;
    }

    private static Map<String, Object> data(String type, JsonNode entry) {
        if (entry.get(1).isObject()) {
            return READER.convertValue(entry.get(1), FACTS);
        }
        if (type.equals(BUDGET_ALERT)) {
            return alertData(entry);
        }
        if (type.startsWith("delivery.")) {
            return deliveryData(entry);
        }
        return type.startsWith("run.") ? runData(entry) : taskData(entry);
    }

    private static Map<String, Object> alertData(JsonNode entry) {
        var data = new LinkedHashMap<String, Object>();
        long budget = entry.get(1).longValue();
        var label = entry.get(2).textValue();
        data.put("budget_id", budget);
        data.put("budget", label);
        if (label.equals("task " + budget)) {
            data.put("task_id", budget);
        }
        data.put("percent", entry.get(3).intValue());
        data.put("spent", Money.dollars(entry.get(4).longValue()));
        data.put("limit", Money.dollars(entry.get(5).longValue()));
        return data;
    }

    private static Map<String, Object> deliveryData(JsonNode entry) {
        return Map.of(
                "task_id", entry.get(1).longValue(),
                "run_id", entry.get(2).longValue(),
                "delivery_id", entry.get(3).longValue(),
                "processor", entry.get(4).textValue(),
                "target", entry.get(5).textValue(),
                "attempt", entry.get(6).intValue(),
                "reason", entry.get(7).textValue());
    }

    private static Map<String, Object> runData(JsonNode entry) {
        var data = new LinkedHashMap<String, Object>();
        data.put("task_id", entry.get(1).longValue());
        data.put("run_id", entry.get(2).longValue());
        data.put("state", entry.get(3).textValue());
        data.put("trigger", entry.get(4).textValue());
        long fireTime = entry.get(5).longValue();
        if (fireTime >= 0) {
            data.put("fire_time", Instant.ofEpochMilli(fireTime).toString());
        }
        data.put("attempt", entry.get(6).intValue());
        data.put("count", entry.get(7).longValue());
        data.put("reason", entry.size() > 8 ? entry.get(8).textValue() : "");
        return data;
    }

    private static Map<String, Object> taskData(JsonNode entry) {
        return Map.of(
                "task_id", entry.get(1).longValue(),
                "name", entry.get(2).textValue(),
                "version", entry.get(3).intValue());
    }
}
