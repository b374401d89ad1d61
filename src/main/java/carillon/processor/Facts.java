package carillon.processor;

import carillon.prompt.Builtins;
import carillon.run.ModelAnswer;
import carillon.run.Output;
import carillon.run.Run;
import carillon.task.TaskDefinition;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/// What there is to say of a run that succeeded: the variables of processors' templates. The same
/// for every try of a delivery.
public final class Facts {
    public static final String RESPONSE = "response";
    public static final String TASK = "task";
    public static final String TASK_ID = "task_id";
    public static final String RUN_ID = Builtins.RUN_ID;
    public static final String FIRE_TIME = Builtins.FIRE_TIME;
    public static final String MODEL = "model";
    public static final String STATUS_CODE = "status_code";
    public static final String TRIGGER = "trigger";

    /// All of them, in the order in which they are told to people.
    public static final List<String> NAMES =
            List.of(
                    RESPONSE,
                    TASK,
                    TASK_ID,
                    RUN_ID,
                    FIRE_TIME,
                    MODEL,
                    Builtins.DATE,
                    Builtins.TIME,
                    Builtins.DATETIME,
                    STATUS_CODE,
                    TRIGGER);

    private final Map<String, String> values;

    private Facts(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    /// `answer` is what a model said in the run: of an output that was cut it holds more. `date`,
    /// `time` and `datetime` tell in `zone` when the run ended. What does not apply is empty.
    public static Facts of(
            TaskDefinition task,
            Run run,
            Output output,
            Optional<ModelAnswer> answer,
            ZoneId zone) {
        var ended = run.progress().times().finishedAt().orElse(run.dueAt());
        Instant fireTime = run.occasion().fireTime().orElse(run.dueAt());
        var values = new TreeMap<>(Builtins.at(ended, zone, fireTime));
        values.put(RESPONSE, output.whole(answer));
        values.put(TASK, task.name());
        values.put(TASK_ID, run.task().toString());
        values.put(RUN_ID, run.id().toString());
        values.put(MODEL, answer.map(said -> said.source().model()).orElse(""));
        var status = output.statusCode();
        values.put(STATUS_CODE, status.isPresent() ? Integer.toString(status.getAsInt()) : "");
        values.put(TRIGGER, run.occasion().trigger().name());
        return new Facts(values);
    }

    public String get(String name) {
        var value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no fact is called " + name);
        }
        return value;
    }

    /// By name, each as `escape` writes it.
    Map<String, String> values(UnaryOperator<String> escape) {
        var escaped = new TreeMap<String, String>();
        values.forEach((name, value) -> escaped.put(name, escape.apply(value)));
        return escaped;
    }

    /// Every fact as the same text: for trying a template.
    static Map<String, String> all(String value) {
        var same = new TreeMap<String, String>();
        NAMES.forEach(name -> same.put(name, value));
        return same;
    }
}
