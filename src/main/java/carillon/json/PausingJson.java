package carillon.json;

import carillon.action.Action;
import carillon.action.Approval;
import carillon.action.Wait;
import carillon.schedule.DurationText;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Optional;

/// `{"wait":{"time":"2h"}}` and `{"approval":{"question":"…","deadline":"2d"}}`.
final class PausingJson {
    private static final Duration LONGEST = Duration.ofDays(366);

    private PausingJson() {}

    static Optional<Action> readWait(Fields fields) {
        if (!fields.has("time")) {
            fields.problem("time", "is required");
        }
        var time = duration(fields, "time");
        fields.done();
        return time.map(Wait::new);
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
        return Json.object().put("time", DurationText.write(wait.time()));
    }

    static ObjectNode write(Approval approval) {
        var out = Json.object().put("question", approval.question());
        approval.deadline().ifPresent(time -> out.put("deadline", DurationText.write(time)));
        return out;
    }
}
