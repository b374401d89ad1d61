package carillon.dialect.gptrunner;

import carillon.web.Refusal;
import carillon.web.RefusedException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The refusals that have a code of their own, each known by its message.
enum Code {
    BATCH_NOT_FOUND(Refusal.Kind.NOT_FOUND, "Batch does not exist"),
    TASK_NOT_FOUND(Refusal.Kind.NOT_FOUND, "Task does not exist"),
    SCHEDULED_TASK_NOT_FOUND(Refusal.Kind.NOT_FOUND, "Scheduled task does not exist"),
    INVALID_CRON_EXPRESSION(Refusal.Kind.INVALID, "Invalid cron schedule format"),
    MODEL_NOT_SUPPORTED(Refusal.Kind.INVALID, "Unsupported AI model");

    private final Refusal.Kind kind;
    private final String message;

    Code(Refusal.Kind kind, String message) {
        this.kind = kind;
        this.message = message;
    }

    static Optional<Code> of(Refusal refusal) {
        for (var code : values()) {
            if (code.kind == refusal.kind() && code.message.equals(refusal.message())) {
                return Optional.of(code);
            }
        }
        return Optional.empty();
    }

    /// `why` is what is wrong with `field`.
    RefusedException at(String field, String why) {
        var fault = new Refusal.FieldFault(field, why);
        return new RefusedException(new Refusal(kind, message, List.of(fault), Map.of()));
    }
}
