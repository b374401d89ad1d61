package carillon.schedule;

import static java.util.Objects.requireNonNull;

/// A text that is not a schedule, or one that could never fire. The message is for the person who
/// wrote it: it names the field and the position and says what was expected.
public final class ScheduleException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int position;

    /// `position` is the index into the text, from 0, where the fault begins.
    public ScheduleException(String message, int position) {
        super(message);
        this.position = position;
    }

    public int position() {
        return position;
    }

    @Override
    public String getMessage() {
        return requireNonNull(super.getMessage());
    }
}
