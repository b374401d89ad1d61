package carillon.perform;

import carillon.action.Tool;
import carillon.run.Lease;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// Tools that agents can be given. What a tool brings is data for the model, and nothing more.
public interface Toolbox {
    List<Tool> tools();

    /// Uses the tool of that name, one of [#tools], on behalf of a run.
    Result use(String tool, ObjectNode arguments, Lease lease) throws InterruptedException;

    /// What came of it. One that failed says why, to the model as to people.
    record Result(boolean succeeded, String text) {
        public static Result of(String text) {
            return new Result(true, text);
        }

        public static Result failed(String reason) {
            return new Result(false, reason);
        }
    }
}
