package carillon.perform;

import static java.util.Objects.requireNonNull;

import carillon.action.HttpCall;
import carillon.action.Nothing;
import carillon.action.PromptCall;
import carillon.run.Lease;
import carillon.run.Outcome;
import carillon.run.Output;
import carillon.run.Performer;

/// The performer of each kind of action.
public final class Performers implements Performer {
    private final HttpPerformer http;
    private final PromptPerformer prompts;

    public Performers(HttpPerformer http, PromptPerformer prompts) {
        this.http = requireNonNull(http, "http");
        this.prompts = requireNonNull(prompts, "prompts");
    }

    @Override
    public Outcome perform(Lease lease) throws InterruptedException {
        return switch (lease.definition().action()) {
            case HttpCall call -> http.perform(call, lease);
            case PromptCall call -> prompts.perform(call, lease);
            case Nothing _ -> new Outcome.Succeeded(Output.NONE);
        };
    }
}
