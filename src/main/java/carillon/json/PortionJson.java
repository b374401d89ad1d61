package carillon.json;

import carillon.run.Portion;
import carillon.run.RunId;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.Optional;

/// A portion in what a run is given: `{"$portion":{of, steps}, …}`. No other name there begins so.
public final class PortionJson {
    private static final String NAME = "$portion";

    private PortionJson() {}

    /// Whether what somebody wants to give a run would be taken for a portion.
    public static boolean isIn(ObjectNode input) {
        return input.has(NAME);
    }

    /// What a run is given that does this much of what it would do with `input`.
    public static String write(Portion portion, Optional<String> input) {
        var all = without(input).map(Json::readObject).orElseGet(Json::object);
        var own = all.putObject(NAME);
        portion.of().ifPresent(run -> own.put("of", run.value()));
        portion.steps().stream().sorted().forEach(own.withArray("steps")::add);
        return Json.write(all);
    }

    /// Empty when a run that is given this does all.
    public static Optional<Portion> read(Optional<String> input) {
        var own =
                input.map(text -> Json.readObject(text).path(NAME)).filter(node -> node.isObject());
        return own.map(
                portion -> {
                    var steps = new LinkedHashSet<String>();
                    portion.path("steps").forEach(step -> steps.add(step.asText()));
                    var of =
                            Optional.of(portion.path("of"))
                                    .filter(node -> node.isNumber())
                                    .map(node -> new RunId(node.asLong()));
                    return new Portion(of, steps);
                });
    }

    /// What a run is given beside its portion.
    public static Optional<String> without(Optional<String> input) {
        if (read(input).isEmpty()) {
            return input;
        }
        var all = Json.readObject(input.orElseThrow());
        all.remove(NAME);
        return Optional.of(Json.write(all));
    }
}
