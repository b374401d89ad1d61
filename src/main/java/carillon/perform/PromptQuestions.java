package carillon.perform;

import static java.util.Objects.requireNonNull;

import carillon.action.PromptCall;
import carillon.action.Question;
import carillon.prompt.Builtins;
import carillon.prompt.PromptReference;
import carillon.prompt.Prompts;
import carillon.prompt.Rendering;
import carillon.run.Lease;
import carillon.run.ModelAnswer;
import carillon.schedule.Calendar;
import carillon.schedule.Cron;
import carillon.schedule.Every;
import carillon.schedule.Once;
import carillon.schedule.Timetable;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Fills in the stored prompts and the templates that tasks ask with.
public final class PromptQuestions implements Questions {
    private final Prompts prompts;
    private final PreviousResponses responses;
    private final ZoneId zone;
    private final InstantSource time;

    /// `zone` is that of `date`, `time` and `datetime` in tasks whose schedule has none.
    public PromptQuestions(
            Prompts prompts, PreviousResponses responses, ZoneId zone, InstantSource time) {
        this.prompts = requireNonNull(prompts, "prompts");
        this.responses = requireNonNull(responses, "responses");
        this.zone = requireNonNull(zone, "zone");
        this.time = requireNonNull(time, "time");
    }

    @Override
    public Wording of(PromptCall call, Lease lease) {
        return switch (call.question()) {
            case Question.Text(var text) -> new Wording.Ready(text, Optional.empty());
            case Question.Messages(var conversation) ->
                    new Wording.Ready(conversation, Optional.empty());
            case Question.Template(var text, var variables) ->
                    wording(prompts.fill(text, variables, builtins(lease)));
            case Question.Stored(var prompt, var version, var variables) ->
                    wording(
                            prompts.render(
                                    PromptReference.of(prompt),
                                    version,
                                    variables,
                                    builtins(lease)));
        };
    }

    private Map<String, String> builtins(Lease lease) {
        var run = lease.run();
        var fireTime = run.occasion().fireTime().orElse(run.dueAt());
        var builtins = new HashMap<>(Builtins.at(time.instant(), zone(lease), fireTime));
        builtins.put(Builtins.RUN_ID, run.id().toString());
        responses
                .newest(run.task())
                .ifPresent(text -> builtins.put(Builtins.PREVIOUS_RESPONSE, text));
        return builtins;
    }

    /// That of the schedule, where it speaks of a local time.
    private ZoneId zone(Lease lease) {
        var schedule = lease.definition().timetable().map(Timetable::schedule);
        if (schedule.isEmpty()) {
            return zone;
        }
        return switch (schedule.get()) {
            case Cron cron -> cron.zone();
            case Calendar calendar -> calendar.zone();
            case Every _, Once _ -> zone;
        };
    }

    private static ModelAnswer.Rendered told(Rendering.Source source) {
        return new ModelAnswer.Rendered(source.prompt().value(), source.version());
    }

    private static Wording wording(Rendering rendering) {
        return switch (rendering) {
            case Rendering.Rendered(var text, _) when text.isBlank() ->
                    new Wording.Refused("the prompt's text is blank with these variables");
            case Rendering.Rendered(var text, var source) ->
                    new Wording.Ready(text, source.map(PromptQuestions::told));
            case Rendering.NotFound(var what) -> new Wording.Refused("there is no " + what);
            case Rendering.Missing(var names) ->
                    new Wording.Refused(
                            "the prompt requires values for the variables "
                                    + String.join(", ", names));
            case Rendering.BrokenInclude broken ->
                    new Wording.Refused("broken include: " + broken.message());
            case Rendering.TooLong(int maxLength) ->
                    new Wording.Refused(
                            "the prompt has more than "
                                    + maxLength
                                    + " characters with these variables");
        };
    }
}
