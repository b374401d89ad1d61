package carillon.budget;

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
import carillon.ai.Defaults;
import carillon.ai.Model;
import carillon.ai.ModelSource;
import carillon.ai.Prices;
import carillon.ai.Tokens;
import carillon.budget.Forecast.Comparison;
import carillon.budget.Forecast.CostPerRun;
import carillon.budget.Forecast.Fires;
import carillon.schedule.FireTime;
import carillon.schedule.Timetable;
import carillon.task.Budget.Period;
import carillon.task.Task;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import carillon.task.TaskStore;
import carillon.task.TaskVersion;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/// Says what a task will cost, before it is saved and afterwards.
public final class Forecasts {
    /// What counts as a month.
    public static final Duration MONTH = Duration.ofDays(30);

    /// How many fire times are counted one by one; beyond, the rest of the month is taken to be
    /// like what was counted.
    static final int MAX_COUNTED = 50_000;

    /// Over how many answers an average is taken.
    static final int AVERAGED = 100;

    private final Budgets budgets;
    private final TaskStore tasks;
    private final ModelSource models;
    private final PastCosts past;
    private final QuestionTexts texts;
    private final InstantSource time;

    /// What is known of questions beside their models: what they have cost, and how long they are.
    public record Knowledge(PastCosts past, QuestionTexts texts) {
        public Knowledge {
            requireNonNull(past, "past");
            requireNonNull(texts, "texts");
        }
    }

    public Forecasts(
            Budgets budgets,
            TaskStore tasks,
            ModelSource models,
            Knowledge known,
            InstantSource time) {
        this.budgets = requireNonNull(budgets, "budgets");
        this.tasks = requireNonNull(tasks, "tasks");
        this.models = requireNonNull(models, "models");
        this.past = known.past();
        this.texts = known.texts();
        this.time = requireNonNull(time, "time");
    }

    /// Empty when there is no such task. A paused task is forecast as if it were not.
    public Optional<Forecast> of(TaskId id) {
        return tasks.find(id).map(this::of);
    }

    private Forecast of(Task task) {
        var version = tasks.version(task.id(), task.version());
        var maker = version.map(TaskVersion::createdBy).orElse("");
        var average =
                past.latest(task.id(), AVERAGED)
                        .map(one -> new CostPerRun.Average(one.nanodollars(), one.answers()));
        var wanted = new Wanted(task.id(), task.definition(), maker, task.progress().planned());
        return forecast(wanted, average);
    }

    /// For a definition that is not stored; `madeBy` is who would store it, `id` stands for its id.
    public Forecast of(TaskId id, TaskDefinition definition, String madeBy) {
        return forecast(new Wanted(id, definition, madeBy, 0), Optional.empty());
    }

    private record Wanted(TaskId id, TaskDefinition definition, String maker, long planned) {}

    private Forecast forecast(Wanted wanted, Optional<CostPerRun.Average> average) {
        var from = time.instant().truncatedTo(ChronoUnit.MILLIS);
        var to = from.plus(MONTH);
        var fires =
                wanted.definition
                        .timetable()
                        .map(timetable -> fires(timetable, wanted.planned, from, to))
                        .orElse(new Fires(0, true));
        var cost = costPerRun(wanted.definition, average);
        long total = cost.amount().stream().map(one -> Forecast.product(one, fires.count())).sum();
        return new Forecast(from, to, fires, cost, comparisons(wanted, total));
    }

    static Fires fires(Timetable timetable, long planned, Instant from, Instant to) {
        long left = timetable.maxRuns().orElse(Long.MAX_VALUE) - planned;
        long counted = 0;
        long named = 0;
        var fireTimes = timetable.between(from, to).iterator();
        while (fireTimes.hasNext() && counted < left) {
            FireTime next = fireTimes.next();
            counted += next.runs() ? 1 : 0;
            named++;
            if (named == MAX_COUNTED) {
                return extrapolated(counted, left, Duration.between(from, next.at()), from, to);
            }
        }
        return new Fires(Math.max(0, counted), true);
    }

    private static Fires extrapolated(
            long counted, long left, Duration seen, Instant from, Instant to) {
        double whole = Duration.between(from, to).toMillis();
        long all = Math.round(counted * whole / Math.max(1, seen.toMillis()));
        return new Fires(Math.min(all, left), false);
    }

    private CostPerRun costPerRun(TaskDefinition definition, Optional<CostPerRun.Average> average) {
        return switch (definition.action()) {
            case PromptCall call ->
                    average.<CostPerRun>map(known -> known).orElseGet(() -> estimate(call));
            case AgentCall _, BatchFile _, TaskBatch _, TaskCall _, Workflow _ ->
                    new CostPerRun.Unknown(
                            "what agents, batches and workflows will cost is not foreseen");
            case HttpCall _, ToolCall _, Nothing _, Wait _, Approval _ -> new CostPerRun.Nothing();
        };
    }

    private CostPerRun estimate(PromptCall call) {
        var model = models.find(call.model()).map(each -> each.tuned(call.tuning()));
        if (model.isEmpty()) {
            return new CostPerRun.Unknown("there is no model '" + call.model() + "'");
        }
        var prices = model.get().prices();
        if (prices.isEmpty()) {
            return new CostPerRun.Unknown("model '" + call.model() + "' has no prices");
        }
        return texts.find(call.question())
                .map(text -> estimate(model.get(), prices.get(), text))
                .orElseGet(() -> new CostPerRun.Unknown("its question cannot be filled in"));
    }

    private static CostPerRun estimate(Model model, Prices prices, String text) {
        if (prices.areFree()) {
            return new CostPerRun.Nothing();
        }
        Defaults defaults = model.defaults();
        long input = Tokens.estimate(defaults.system().orElse("")) + Tokens.estimate(text);
        long output = defaults.maxTokens().orElse(Bound.ANSWER_TOKENS);
        long cost = prices.costNanodollars(new Tokens(input, output));
        return new CostPerRun.Estimate(model.name(), cost, input, output);
    }

    private List<Comparison> comparisons(Wanted wanted, long total) {
        if (!(wanted.definition.action() instanceof PromptCall call)) {
            return List.of();
        }
        var spender = new Spender(wanted.definition.tags(), call.model(), () -> wanted.maker);
        var paying = budgets.purses().of(wanted.id, wanted.definition.budget(), spender);
        return budgets.accountsOf(paying).stream()
                .map(
                        account ->
                                new Comparison(
                                        account, share(total, account.purse().terms().period())))
                .toList();
    }

    /// Of what a month costs, that of one period.
    private static long share(long total, Period period) {
        return switch (period) {
            case DAY -> total / MONTH.toDays();
            case WEEK -> total / MONTH.toDays() * 7;
            case MONTH -> total;
        };
    }
}
