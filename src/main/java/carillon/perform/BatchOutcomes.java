package carillon.perform;

import carillon.action.BatchFile;
import carillon.batch.BatchEnd;
import carillon.batch.BatchOrder;
import carillon.batch.RowProblems;
import carillon.batch.Totals;
import carillon.json.Json;
import carillon.run.Asked;
import carillon.run.Lease;
import carillon.run.ModelUse;
import carillon.run.Outcome;
import carillon.run.Output;
import carillon.task.RetryOn;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/// Between the words of runs and those of batches.
final class BatchOutcomes {
    /// Who resumes while an attempt comes to its pause finds nothing to wake: so it looks once
    /// more.
    private static final Duration FIRST_LOOK = Duration.ofSeconds(2);

    private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(5);

    private static final Duration WHILE_TAKEN = Duration.ofSeconds(5);
    private static final int MAX_PROBLEMS = 100;
    private static final int NANO = 9;

    private BatchOutcomes() {}

    /// Where the files lie.
    record Places(Path input, Path output) {}

    /// Of the run's own: what another run has left unfinished is dropped.
    static BatchOrder order(BatchFile call, Lease lease, Places places, BatchOrder.Scope scope) {
        var asking = call.asking();
        return new BatchOrder(
                places.input(),
                places.output(),
                new BatchOrder.Saying(
                        asking.model(),
                        asking.template(),
                        asking.dryRun(),
                        call.skipBadRows(),
                        scope),
                new BatchOrder.Pace(
                        call.concurrency(),
                        OptionalLong.empty(),
                        BatchOrder.Pace.DEFAULT_RETRY,
                        call.neededBy().map(time -> time.from(lease.run().dueAt()))),
                new BatchOrder.Unfinished.GoesOnIfOf("run " + lease.run().id()));
    }

    static Outcome failed(String reason) {
        return new Outcome.Failed(reason, Set.of(), Output.NONE, Optional.empty());
    }

    /// The attempt has found a run that is paused. Whoever resumes it wakes it.
    static Outcome stillPaused(Instant now) {
        return later("paused", now.plus(BETWEEN_LOOKS), List.of());
    }

    /// The attempt has come to a pause.
    static Outcome paused(Instant now, List<ModelUse> uses) {
        return later("paused", now.plus(FIRST_LOOK), uses);
    }

    static Outcome later(String reason, Instant until, List<ModelUse> uses) {
        return new Outcome.Postponed(reason, until, asked(uses));
    }

    private static Asked asked(List<ModelUse> uses) {
        return new Asked(Optional.empty(), uses);
    }

    static Outcome whole(Totals totals) {
        return whole(totals, List.of());
    }

    /// One of whose rows none was answered has failed.
    static Outcome whole(Totals totals, List<ModelUse> uses) {
        if (totals.succeeded() == 0 && totals.failed() > 0) {
            return failed("none of the " + totals.failed() + " rows was answered", totals, uses);
        }
        return new Outcome.Succeeded(output(json(totals)), asked(uses));
    }

    private static Outcome failed(String reason, Totals totals, List<ModelUse> uses) {
        return new Outcome.Failed(
                reason, Set.of(), output(json(totals)), Optional.empty(), asked(uses));
    }

    /// The budgets allow nothing more.
    static Outcome broke(String reason, Totals totals, List<ModelUse> uses) {
        return totals.rows() == 0 ? new Outcome.Skipped(reason) : failed(reason, totals, uses);
    }

    static Outcome badRows(RowProblems problems) {
        var kept = problems.kept();
        var first = kept.isEmpty() ? "" : ": " + kept.getFirst();
        var json = Json.object().put("problems", problems.count());
        var rows = json.putArray("rows");
        for (var problem : kept.subList(0, Math.min(MAX_PROBLEMS, kept.size()))) {
            rows.addObject()
                    .put("row", problem.row())
                    .put("column", problem.column())
                    .put("message", problem.message());
        }
        return new Outcome.Failed(
                "the input has " + problems.count() + " problems, nothing was asked" + first,
                Set.of(),
                output(json),
                Optional.empty());
    }

    static Outcome refused(BatchEnd.Refused refused, Instant now, List<ModelUse> uses) {
        return switch (refused.cause()) {
            case SETTINGS, INPUT, CHANGED -> failed(refused.reason());
            case OUTPUT ->
                    new Outcome.Failed(
                            refused.reason(),
                            Set.of(RetryOn.OTHER),
                            Output.NONE,
                            Optional.empty(),
                            asked(uses));
            case TAKEN -> later(refused.reason(), now.plus(WHILE_TAKEN), uses);
        };
    }

    private static ObjectNode json(Totals totals) {
        var cost = BigDecimal.valueOf(totals.costNanodollars(), NANO).stripTrailingZeros();
        return Json.object()
                .put("rows", totals.rows())
                .put("succeeded", totals.succeeded())
                .put("failed", totals.failed())
                .put("input_tokens", totals.inputTokens())
                .put("output_tokens", totals.outputTokens())
                .put("cost", cost.scale() < 0 ? cost.setScale(0) : cost);
    }

    private static Output output(ObjectNode json) {
        var text = KeptText.of(Json.write(json), Output.MAX_KEPT);
        return new Output(OptionalInt.empty(), "application/json", text.text(), text.cut());
    }
}
