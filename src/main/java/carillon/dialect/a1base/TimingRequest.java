package carillon.dialect.a1base;

import carillon.dialect.Bounds;
import carillon.dialect.ZonedCron;
import carillon.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The fields of a request that say when the job runs, merged over those that it has.
final class TimingRequest {
    private static final Pattern TIME = Pattern.compile("([01]\\d|2[0-3]):[0-5]\\d");
    private static final List<String> FREQUENCIES = List.of("daily", "weekly", "monthly", "custom");

    /// The fields that belong to one frequency only.
    private static final Map<String, String> OWNERS =
            Map.of(
                    "day_of_week", "weekly",
                    "day_of_month", "monthly",
                    "custom_schedule", "custom");

    private final ObjectNode sent;
    private final Optional<Timing> current;
    private final Faults faults;
    private final ObjectNode merged = Json.object();
    private boolean isSound = true;

    TimingRequest(ObjectNode sent, Optional<Timing> current, Faults faults) {
        this.sent = sent;
        this.current = current;
        this.faults = faults;
    }

    /// Puts the field `schedule` into the native definition, if it changes; when something is
    /// wrong, adds the faults instead.
    void putInto(ObjectNode definition) {
        if (current.isPresent() && Timing.FIELDS.stream().noneMatch(sent::has)) {
            return;
        }
        merge();
        var frequency = frequency();
        check(frequency);
        if (!isSound) {
            definition.remove("schedule");
            return;
        }
        if (frequency.equals("custom")) {
            merged.remove("time"); // It is allowed there, and says nothing.
        }
        if (current.map(timing -> timing.fields().equals(merged)).orElse(false)) {
            return;
        }
        var rule = frequency.equals("custom") ? cron() : merged;
        definition.set("schedule", Bounds.keep(definition.path("schedule"), rule));
    }

    /// What the job has gives way to a new frequency that it does not belong to; what is sent does
    /// not.
    private void merge() {
        current.ifPresent(timing -> merged.setAll(timing.fields()));
        var newFrequency = sent.path("frequency").asText();
        if (sent.hasNonNull("frequency")) {
            OWNERS.forEach(
                    (field, owner) -> {
                        if (!owner.equals(newFrequency)) {
                            merged.remove(field);
                        }
                    });
            if (newFrequency.equals("custom")) {
                merged.remove("time");
            }
        }
        for (var field : Timing.FIELDS) {
            if (sent.hasNonNull(field)) {
                merged.set(field, sent.get(field));
            } else if (sent.has(field)) {
                merged.remove(field);
            }
        }
    }

    private String frequency() {
        var frequency = merged.path("frequency");
        if (frequency.isMissingNode()) {
            fault("frequency", Faults.REQUIRED);
        } else if (!frequency.isTextual() || !FREQUENCIES.contains(frequency.textValue())) {
            fault("frequency", "Must be one of: " + String.join(", ", FREQUENCIES));
        }
        return frequency.asText();
    }

    private void check(String frequency) {
        var time = merged.path("time");
        if (time.isMissingNode()) {
            if (!frequency.equals("custom")) {
                fault("time", Faults.REQUIRED);
            }
        } else if (!time.isTextual() || !TIME.matcher(time.textValue()).matches()) {
            fault("time", "Must be a time in 24-hour format (HH:MM)");
        }
        checkZone(merged.path("timezone"));
        if (belongs("day_of_week", frequency)) {
            checkDay("day_of_week", 0, 6, "Must be an integer from 0 (Sunday) to 6");
        }
        if (belongs("day_of_month", frequency)) {
            checkDay("day_of_month", 1, 31, "Must be an integer from 1 to 31");
        }
        if (belongs("custom_schedule", frequency)) {
            checkCron(merged.path("custom_schedule"));
        }
    }

    /// Whether the field is one of the frequency's; a fault when it is not and stands there.
    private boolean belongs(String field, String frequency) {
        var owner = OWNERS.getOrDefault(field, "");
        if (owner.equals(frequency)) {
            return true;
        }
        if (merged.has(field) && FREQUENCIES.contains(frequency)) {
            fault(field, "Only belongs to the frequency " + owner);
        }
        return false;
    }

    private void checkZone(JsonNode zone) {
        if (zone.isMissingNode() || (zone.isTextual() && zone.textValue().isBlank())) {
            fault("timezone", Faults.REQUIRED);
            return;
        }
        try {
            ZoneId.of(zone.isTextual() ? zone.textValue() : "");
        } catch (DateTimeException e) {
            fault("timezone", "Must be a time zone such as America/Los_Angeles");
        }
    }

    private void checkDay(String field, int min, int max, String message) {
        var day = merged.path(field);
        if (day.isMissingNode()) {
            fault(field, Faults.REQUIRED);
        } else if (!day.isIntegralNumber()
                || !day.canConvertToInt()
                || day.intValue() < min
                || day.intValue() > max) {
            fault(field, message);
        }
    }

    private void checkCron(JsonNode cron) {
        if (cron.isMissingNode() || (cron.isTextual() && cron.textValue().isBlank())) {
            fault("custom_schedule", Faults.REQUIRED);
        } else if (!cron.isTextual()) {
            fault("custom_schedule", "Must be a cron expression");
        }
    }

    private ObjectNode cron() {
        var zone = ZoneId.of(merged.get("timezone").textValue());
        return new ZonedCron(merged.get("custom_schedule").textValue(), zone).toNative();
    }

    private void fault(String field, String message) {
        isSound = false;
        faults.add(field, message);
    }
}
