package carillon.json;

import static java.util.Objects.requireNonNull;

/// One thing that is wrong with what was sent. `field` is the path to it (`action.http.url`,
/// `schedule.exclude[2]`), empty for the whole; `message` says what is expected there.
public record Problem(String field, String message) {
    public Problem {
        requireNonNull(field, "field");
        requireNonNull(message, "message");
    }

    @Override
    public String toString() {
        return field.isEmpty() ? message : field + ": " + message;
    }
}
