package carillon.action;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/// Does nothing, in a workflow, until something has come.
public record Wait(Until until) implements Action {
    public Wait {
        requireNonNull(until, "until");
    }

    /// What is waited for.
    public sealed interface Until {}

    /// So much time has passed. `time` is above 0.
    public record Time(Duration time) implements Until {
        public Time {
            if (!time.isPositive()) {
                throw new IllegalArgumentException("a wait is longer than nothing");
            }
        }
    }

    /// The workflow's run has been told of an event of that `name`. The wait has failed when none
    /// has come within the `deadline`, which is above 0.
    public record Event(String name, Optional<Duration> deadline) implements Until {
        private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");

        public Event {
            requireNonNull(deadline, "deadline");
            if (!isName(name)) {
                throw new IllegalArgumentException("no name of an event: " + name);
            }
            if (deadline.filter(time -> !time.isPositive()).isPresent()) {
                throw new IllegalArgumentException("a deadline is later than now");
            }
        }

        /// 1 to 100 letters, digits, dots, hyphens and underscores of ASCII.
        public static boolean isName(String text) {
            return NAME.matcher(text).matches();
        }
    }

    /// Whether it is an event of that name that is waited for.
    public boolean isFor(String event) {
        return until instanceof Event wanted && wanted.name.equals(event);
    }
}
