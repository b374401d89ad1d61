package carillon.perform;

import static java.util.Objects.requireNonNull;

import carillon.action.AgentCall;
import carillon.action.Approval;
import carillon.action.BatchFile;
import carillon.action.HttpCall;
import carillon.action.Nothing;
import carillon.action.PromptCall;
import carillon.action.TaskBatch;
import carillon.action.TaskCall;
import carillon.action.ToolCall;
import carillon.action.Wait;
import carillon.action.Workflow;
import carillon.run.Lease;
import carillon.run.Outcome;
import carillon.run.Output;
import carillon.run.Performer;
import java.util.Optional;

/// The performer of each kind of action.
public final class Performers implements Performer {
    private final HttpPerformer http;
    private final PromptPerformer prompts;
    private final Optional<AgentPerformer> agents;
    private final Optional<ToolPerformer> tools;
    private final Optional<BatchPerformer> batches;
    private final Optional<Conducting> conducting;

    /// Neither batches nor workflows.
    public Performers(HttpPerformer http, PromptPerformer prompts) {
        this(http, prompts, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /// Without `agents`, nobody keeps any; without `tools`, there are none to be used; without
    /// `batches`, there is no folder for files; without `conducting`, no run sees to others.
    public Performers(
            HttpPerformer http,
            PromptPerformer prompts,
            Optional<AgentPerformer> agents,
            Optional<ToolPerformer> tools,
            Optional<BatchPerformer> batches,
            Optional<Conducting> conducting) {
        this.agents = requireNonNull(agents, "agents");
        this.tools = requireNonNull(tools, "tools");
        this.batches = requireNonNull(batches, "batches");
        this.conducting = requireNonNull(conducting, "conducting");
        this.http = requireNonNull(http, "http");
        this.prompts = requireNonNull(prompts, "prompts");
    }

    @Override
    public Outcome perform(Lease lease) throws InterruptedException {
        return switch (lease.definition().action()) {
            case HttpCall call -> http.perform(call, lease);
            case PromptCall call -> prompts.perform(call, lease);
            case AgentCall call -> perform(call, lease);
            case ToolCall call -> perform(call, lease);
            case TaskCall call -> conducting().perform(call, lease);
            case BatchFile batch -> perform(batch, lease);
            case TaskBatch tasks -> conducting().perform(tasks, lease);
            case Workflow workflow -> conducting().perform(workflow, lease);
            case Wait _, Approval _ ->
                    BatchOutcomes.failed("waits and approvals are steps of workflows");
            case Nothing _ -> new Outcome.Succeeded(Output.NONE);
        };
    }

    private Outcome perform(AgentCall call, Lease lease) throws InterruptedException {
        return agents.isEmpty()
                ? BatchOutcomes.failed("there are no agents here")
                : agents.get().perform(call, lease);
    }

    private Outcome perform(ToolCall call, Lease lease) throws InterruptedException {
        return tools.isEmpty()
                ? BatchOutcomes.failed("there are no tools here")
                : tools.get().perform(call, lease);
    }

    private Conducting conducting() {
        return conducting.orElseThrow(
                () -> new IllegalStateException("no run sees to others here"));
    }

    private Outcome perform(BatchFile batch, Lease lease) throws InterruptedException {
        return batches.isEmpty()
                ? BatchOutcomes.failed("no folder for files is configured (files.root)")
                : batches.get().perform(batch, lease);
    }
}
