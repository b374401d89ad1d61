package carillon.schedule;

/// One element of the list in a cron field, with names and hashes already resolved to numbers.
sealed interface CronItem {
    /// `from`, `from + step` and so on, up to `to` inclusive. `wild` says that it was written with
    /// `*` or `?`.
    record Span(int from, int to, int step, boolean wild) implements CronItem {
        static Span single(int value) {
            return new Span(value, value, 1, false);
        }

        boolean isSingle() {
            return from == to;
        }
    }

    /// `L`: the last day of the month.
    record LastDay() implements CronItem {}

    /// `LW`: the last Monday-to-Friday of the month.
    record LastWorkday() implements CronItem {}

    /// `15W`: the Monday-to-Friday nearest that day, within the month (OCPS 1.3 section 4.3).
    record NearestWorkday(int day) implements CronItem {}

    /// `FRI#2`: the nth of that weekday in the month; 0 is Sunday.
    record Nth(int weekday, int nth) implements CronItem {}

    /// `FRI#L` or `5L`: the last of that weekday in the month; 0 is Sunday.
    record LastOf(int weekday) implements CronItem {}
}
