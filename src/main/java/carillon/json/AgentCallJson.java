package carillon.json;

import carillon.action.Action;
import carillon.action.AgentCall;
import carillon.agent.Agent;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/// `{"agent":{agent, text}}`: `agent` is the name or id of one.
final class AgentCallJson {
    private AgentCallJson() {}

    static Optional<Action> read(Fields fields, ReadContext context) {
        boolean shown = context.isShown();
        var agent = fields.requiredText("agent", Agent.MAX_NAME_LENGTH);
        var text =
                fields.requiredText("text", shown ? AgentCall.MAX_TEXT_LENGTH : Integer.MAX_VALUE);
        fields.done();
        return agent.flatMap(name -> text.map(said -> new AgentCall(name, said)));
    }

    static ObjectNode write(AgentCall call) {
        return Json.object().put("agent", call.agent()).put("text", call.text());
    }
}
