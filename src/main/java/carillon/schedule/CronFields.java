package carillon.schedule;

import carillon.schedule.CronItem.Span;
import java.util.List;
import java.util.Map;

/// A cron expression as read: what each field holds, and whether a `+` asks for the day of month
/// and the day of week together. A field that was not written is filled in with its default.
record CronFields(Map<CronField, List<CronItem>> items, boolean bothDays) {
    CronFields {
        items = Map.copyOf(items);
    }

    List<CronItem> of(CronField field) {
        return items.getOrDefault(field, List.of());
    }

    /// Exactly `*` or `?`: the field restricts nothing. `*/2` and `1-31` do restrict (OCPS 1.0
    /// section 6.1).
    boolean isWild(CronField field) {
        var list = of(field);
        return list.size() == 1
                && list.getFirst() instanceof Span(_, _, int step, boolean wild)
                && wild
                && step == 1;
    }

    /// The hour is `*` or has a step: the schedule follows elapsed time and not the clock on the
    /// wall when clocks change.
    boolean followsElapsedTime() {
        return of(CronField.HOUR).stream()
                .anyMatch(item -> item instanceof Span span && (span.wild() || span.step() > 1));
    }
}
