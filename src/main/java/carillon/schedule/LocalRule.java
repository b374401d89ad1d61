package carillon.schedule;

/// Which local times a schedule names, as if clocks never changed. A local time is the number of
/// seconds since 1970-01-01T00:00 on the clock on the wall.
interface LocalRule {
    /// No local time is named at or after (`next`) the one asked about.
    long NONE_AFTER = Long.MAX_VALUE;

    /// No local time is named at or before (`previous`) the one asked about.
    long NONE_BEFORE = Long.MIN_VALUE;

    /// The end of time for local rules, exclusive: 2200-01-01T00:00.
    long END = 7_258_118_400L;

    int SECONDS_PER_DAY = 86_400;

    /// The first named local time at or after `local`, in 1970 to 2199, or [#NONE_AFTER].
    long next(long local);

    /// The last named local time at or before `local`, in 1970 to 2199, or [#NONE_BEFORE].
    long previous(long local);

    /// Whether the rule follows elapsed time across a change of clocks: no slot is made up for a
    /// local time that does not exist, and one that exists twice fires twice.
    boolean followsElapsedTime();
}
