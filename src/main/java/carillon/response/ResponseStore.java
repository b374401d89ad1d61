package carillon.response;

import carillon.run.ModelUse;
import carillon.run.RunId;
import carillon.task.TaskId;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/// Reads responses, and how much models were used. Both are written where the ends of attempts are;
/// responses go with their runs.
public interface ResponseStore {
    /// How many characters of a text are searched: its first ones.
    int SEARCHED = 65_536;

    /// How many characters of a text a list holds: its first ones.
    int LISTED = 300;

    Optional<Response> find(long id);

    /// The newest response of a run, with its whole text.
    Optional<Response> ofRun(RunId run);

    /// Newest first. Of each text, the first [#LISTED] characters.
    List<Response> list(ResponseQuery query);

    /// What a model said in the task's newest run that succeeded with an answer, as that stands
    /// now: the text of the response.
    Optional<String> lastText(TaskId task);

    /// How much the model was used on each day in UTC from `from` to `to`, both included; days
    /// without a question are absent.
    SortedMap<LocalDate, ModelUse> usage(String model, LocalDate from, LocalDate to);

    /// Forgets how much models were used on days before `before`.
    void forgetUsage(LocalDate before);
}
