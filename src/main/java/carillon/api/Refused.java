package carillon.api;

import carillon.json.Problem;
import carillon.json.Problems;
import carillon.web.Refusal;
import carillon.web.RefusedException;
import java.util.List;
import java.util.Map;

/// The refusals of this API, ready to be thrown.
final class Refused {
    private Refused() {}

    static RefusedException of(Refusal.Kind kind, String message) {
        return new RefusedException(Refusal.of(kind, message));
    }

    static RefusedException invalid(String field, String message) {
        return new RefusedException(
                new Refusal(
                        Refusal.Kind.INVALID,
                        field + ": " + message,
                        List.of(new Refusal.FieldFault(field, message)),
                        Map.of()));
    }

    static RefusedException noTask(String id) {
        return of(Refusal.Kind.NOT_FOUND, "there is no task " + id);
    }

    static RefusedException noRun(String id) {
        return of(Refusal.Kind.NOT_FOUND, "there is no run " + id);
    }

    static RefusedException neverFires() {
        return invalid("schedule", "names no fire time after now");
    }

    /// All that is wrong with a body.
    static RefusedException of(Problems problems) {
        return of(problems.list().stream().map(Refused::fault).toList());
    }

    /// All that is wrong, one at least.
    static RefusedException of(List<Refusal.FieldFault> faults) {
        var first = faults.getFirst();
        var what =
                first.field().isEmpty() ? first.message() : first.field() + ": " + first.message();
        var more = faults.size() > 1 ? " (and " + (faults.size() - 1) + " more)" : "";
        return new RefusedException(
                new Refusal(Refusal.Kind.INVALID, what + more, faults, Map.of()));
    }

    private static Refusal.FieldFault fault(Problem problem) {
        return new Refusal.FieldFault(problem.field(), problem.message());
    }
}
