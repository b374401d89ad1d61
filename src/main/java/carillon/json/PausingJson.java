package carillon.json;

import carillon.action.Action;
import carillon.action.Approval;
import carillon.action.Wait;
import carillon.schedule.DurationText;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Optional;

/// `{"wait":{"time":"2h"}}`, `{"wait":{"event":"paid","deadline":"2d"}}` and
/// `{"approval":{"question":"…","deadline":"2d"}}`.
final class PausingJson {
    private static final Duration LONGEST = Duration.ofDays(366);

    private PausingJson() {}

    static Optional<Action> readWait(Fields fields) {
        if (fields.has("time") == fields.has("event")) {
            fields.problem("must have either 'time' or 'event'");
        }
        return fields.has("event") ? readEvent(fields) : readTime(fields);
    }

    private static Optional<Action> readTime(Fields fields) {
        var time = duration(fields, "time");
        fields.done();
        return time.map(Wait.Time::new).map(Wait::new);
    }

    private static Optional<Action> readEvent(Fields fields) {
        var name = fields.requiredText("event", Integer.MAX_VALUE);
        var deadline = duration(fields, "deadline");
        fields.done();
        if (name.filter(text -> !Wait.Event.isName(text)).isPresent()) {
            fields.problem("event", "must be 1 to 100 letters, digits, dots, hyphens, underscores");
            return Optional.empty();
        }
        return name.map(text -> new Wait(new Wait.Event(text, deadline)));
    }

    static Optional<Action> readApproval(Fields fields) {
        var question = fields.requiredText("question", Approval.MAX_QUESTION_LENGTH);
        var deadline = duration(fields, "deadline");
        fields.done();
        return question.map(asked -> new Approval(asked, deadline));
    }

    private static Optional<Duration> duration(Fields fields, String name) {
        var time = fields.duration(name);
        if (time.filter(said -> !said.isPositive() || said.compareTo(LONGEST) > 0).isPresent()) {
            fields.problem(name, "must be above 0 and at most 366d");
            return Optional.empty();
        }
        return time;
    }

    static ObjectNode write(Wait wait) {
        return switch (wait.until()) {
            case Wait.Time(var time) -> Json.object().put("time", DurationText.write(time));
            case Wait.Event(var name, var deadline) ->
                    withDeadline(Json.object().put("event", name), deadline);
        };
    }

    static ObjectNode write(Approval approval) {
        return withDeadline(
                Json.object().put("question", approval.question()), approval.deadline());
    }

    private static ObjectNode withDeadline(ObjectNode out, Optional<Duration> deadline) {
        deadline.ifPresent(time -> out.put("deadline", DurationText.write(time)));
        return out;
    }
}
