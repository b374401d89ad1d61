package carillon.console;

import carillon.action.BatchFile;
import carillon.batch.Batches;
import carillon.batch.Standing;
import carillon.run.Run;
import carillon.run.Runs;
import carillon.run.Trigger;
import carillon.task.TaskId;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Refusal;
import carillon.web.RefusedException;
import carillon.web.Route;
import carillon.web.Route.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The batches: all of them, and one, which is begun, paused, resumed, cancelled and tried again.
final class BatchRoutes {
    private static final String BATCHES = "/batches";
    private static final String BATCH = BATCHES + "/{id}";
    private static final int ROWS = 25;

    private final Batches batches;
    private final Runs runs;
    private final Live live;

    BatchRoutes(Batches batches, Runs runs, Live live) {
        this.batches = batches;
        this.runs = runs;
        this.live = live;
    }

    static String path(TaskId id) {
        return BATCHES + "/" + id;
    }

    List<Route> routes() {
        return List.of(
                new Route(Method.GET, BATCHES, Permission.VIEW, this::list),
                new Route(Method.GET, BATCHES + "/live", Permission.VIEW, this::followList),
                new Route(Method.GET, BATCH, Permission.VIEW, this::find),
                new Route(Method.GET, BATCH + "/live", Permission.VIEW, this::follow),
                new Route(Method.POST, BATCH + "/execute", Permission.OPERATE, this::execute),
                new Route(Method.POST, BATCH + "/retry", Permission.OPERATE, this::retry),
                new Route(Method.POST, BATCH + "/pause", Permission.OPERATE, this::pause),
                new Route(Method.POST, BATCH + "/resume", Permission.OPERATE, this::resume),
                new Route(Method.POST, BATCH + "/cancel", Permission.OPERATE, this::cancel));
    }

    private Answer list(Call call) {
        return Pages.page(call, "Batches", "batches.jte", listView(Inputs.before(call)));
    }

    private Answer followList(Call call) {
        return live.stream(
                call,
                () -> Optional.of(Pages.part("batch-rows.jte", listView(OptionalLong.empty()))));
    }

    private BatchListView listView(OptionalLong before) {
        var found = batches.list(before, ROWS + 1);
        var shown = found.subList(0, Math.min(ROWS, found.size()));
        var older =
                found.size() > ROWS
                        ? OptionalLong.of(shown.getLast().task().id().value())
                        : OptionalLong.empty();
        return new BatchListView(
                shown.stream().map(BatchRow::of).toList(), before.isEmpty(), older);
    }

    private Batches.Shown require(Call call) {
        return batches.find(Inputs.taskId(call)).orElseThrow(() -> Inputs.none("batch"));
    }

    private Answer find(Call call) {
        var shown = require(call);
        var name = shown.task().definition().name();
        return Pages.page(call, name, "batch.jte", view(shown, call));
    }

    private Answer follow(Call call) {
        var id = require(call).task().id();
        return live.stream(
                call,
                () -> batches.find(id).map(one -> Pages.part("batch-part.jte", view(one, call))));
    }

    private static BatchView view(Batches.Shown shown, Call call) {
        boolean operates = call.may(Permission.OPERATE);
        boolean open = shown.open().isPresent();
        boolean paused = shown.isPaused();
        var doing =
                new BatchView.Doing(
                        operates && !open,
                        operates && shown.canRetry(),
                        operates && open && !paused,
                        operates && paused,
                        operates && open);
        var note = shown.run().map(run -> run.progress().reason()).orElse("");
        return new BatchView(BatchRow.of(shown), note, facts(shown), doing);
    }

    private static List<Fact> facts(Batches.Shown shown) {
        var facts = new ArrayList<Fact>();
        var task = shown.task();
        facts.add(link("Task", "version " + task.version(), TaskRoutes.path(task.id())));
        shown.run()
                .ifPresent(
                        run ->
                                facts.add(
                                        link(
                                                "Newest run",
                                                run.id().toString(),
                                                RunRoutes.path(run.id()))));
        addFile(facts, shown.file());
        shown.standing().ifPresent(standing -> addStanding(facts, standing));
        var times = shown.run().map(run -> run.progress().times());
        times.flatMap(one -> one.startedAt())
                .ifPresent(at -> facts.add(Fact.of("Started", Words.time(at))));
        times.flatMap(one -> one.finishedAt())
                .ifPresent(at -> facts.add(Fact.of("Finished", Words.time(at))));
        task.nextRun().ifPresent(at -> facts.add(Fact.of("Next", Words.time(at))));
        return facts;
    }

    private static Fact link(String name, String value, String path) {
        return new Fact(name, value, Optional.of(ConsoleApi.PREFIX + path));
    }

    private static void addFile(List<Fact> facts, BatchFile file) {
        facts.add(Fact.of("Input", file.input()));
        facts.add(Fact.of("Output", file.output()));
        file.asking().model().ifPresent(model -> facts.add(Fact.of("Model", model)));
        if (file.asking().dryRun()) {
            facts.add(Fact.of("Dry run", "nobody is called"));
        }
        facts.add(Fact.of("Rows at once", Words.number(file.concurrency())));
    }

    private static void addStanding(List<Fact> facts, Standing standing) {
        var totals = standing.totals();
        facts.add(
                Fact.of(
                        "Tokens",
                        "%s in, %s out"
                                .formatted(
                                        Words.number(totals.inputTokens()),
                                        Words.number(totals.outputTokens()))));
        facts.add(Fact.of("As of", Words.time(standing.at())));
    }

    private static Answer back(Batches.Shown shown) {
        return Pages.seeOther(path(shown.task().id()));
    }

    private static RefusedException conflict(String message) {
        return new RefusedException(Refusal.of(Refusal.Kind.CONFLICT, message));
    }

    private Answer execute(Call call) {
        var shown = require(call);
        if (shown.open().isPresent()) {
            throw conflict("The batch goes on already.");
        }
        if (batches.execute(shown.task().id(), Trigger.MANUAL).isEmpty()) {
            throw Inputs.none("batch");
        }
        return back(shown);
    }

    private Answer retry(Call call) {
        var shown = require(call);
        if (batches.retry(shown, Trigger.MANUAL).isEmpty()) {
            throw conflict(
                    "The newest run of the batch has no failed rows, or did not come to its end.");
        }
        return back(shown);
    }

    private static Run open(Batches.Shown shown) {
        return shown.open().orElseThrow(() -> conflict("No run of the batch goes on."));
    }

    private Answer pause(Call call) {
        var shown = require(call);
        if (!batches.pause(open(shown).id())) {
            throw conflict("The batch has ended.");
        }
        return back(shown);
    }

    private Answer resume(Call call) {
        var shown = require(call);
        if (!batches.resume(open(shown).id())) {
            throw conflict("The batch is not paused.");
        }
        return back(shown);
    }

    private Answer cancel(Call call) {
        var shown = require(call);
        var reason = "cancelled by " + call.caller();
        if (runs.cancel(open(shown).id(), reason) instanceof Runs.Cancelled.AlreadyEnded) {
            throw conflict("The batch has ended.");
        }
        return back(shown);
    }
}
