package carillon.perform;

import static java.util.Objects.requireNonNull;

import carillon.action.Approval;
import carillon.action.Condition;
import carillon.action.Step;
import carillon.action.StepKey;
import carillon.action.Wait;
import carillon.action.Workflow;
import carillon.json.Json;
import carillon.json.PortionJson;
import carillon.run.FamilyStore.Child;
import carillon.run.FamilyStore.NotDone;
import carillon.run.Lease;
import carillon.run.LeaseStore.NewRun;
import carillon.run.Occasion;
import carillon.run.Outcome;
import carillon.run.Output;
import carillon.run.Portion;
import carillon.run.Run;
import carillon.run.RunId;
import carillon.run.RunState;
import carillon.run.Trigger;
import carillon.workflow.Conductor;
import carillon.workflow.StepState;
import carillon.workflow.Verdict;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// One attempt at seeing to the steps of a workflow. What a step brought is read only where another
/// looks at it.
final class WorkflowRun {
    private static final int MAX_ITEMS = 10_000;

    private final Workflow workflow;
    private final Lease lease;
    private final Family family;
    private final Conducting.Stores stores;
    private final InstantSource time;
    private final StepValues values;
    private final boolean looks;
    private final Optional<Portion> portion;
    private final Map<Integer, Place> places = new HashMap<>();
    private final Pauses pauses;
    private final StepTally tally = new StepTally();
    private int pass;

    /// A step under way: its runs that have not ended, and those that have.
    private static final class Place {
        private int open;
        private boolean failed;
        private final TreeMap<Integer, RunId> succeeded = new TreeMap<>();
        private boolean isList;
    }

    WorkflowRun(
            Workflow workflow,
            Lease lease,
            Family family,
            Conducting.Stores stores,
            InstantSource time) {
        this.workflow = workflow;
        this.lease = lease;
        this.family = family;
        this.stores = stores;
        this.time = time;
        this.pauses = Pauses.of(lease.run(), stores.runs(), stores.batches());
        var input = stores.runs().input(lease.run().id());
        this.portion = PortionJson.read(input);
        this.values = new StepValues(PortionJson.without(input));
        this.looks = workflow.looksAtValues();
    }

    Outcome conduct() throws InterruptedException {
        var known = new TreeMap<Integer, List<Child>>();
        for (var child : family.all()) {
            int of = child.step().orElseThrow().pass();
            known.computeIfAbsent(of, _ -> new ArrayList<>()).add(child);
        }
        int first = workflow.loop().isPresent() ? 1 : 0;
        for (pass = known.isEmpty() ? first : known.lastKey(); ; pass++) {
            values.pass(pass);
            places.clear();
            var conductor = new Conductor(workflow, states(known), values::plain, this::didSome);
            var stopped = play(conductor);
            if (stopped.isPresent()) {
                return stopped.get();
            }
            if (conductor.hasFailed() || isLast()) {
                return outcome(conductor);
            }
        }
    }

    /// Whether items of a list have succeeded.
    private boolean didSome(int at) {
        var place = places.get(at);
        return place != null && !place.succeeded.isEmpty();
    }

    private boolean isLast() {
        return portion.isPresent()
                || workflow.loop()
                        .map(
                                loop ->
                                        pass >= loop.maxPasses()
                                                || loop.until().filter(this::holds).isPresent())
                        .orElse(true);
    }

    private boolean holds(Condition until) {
        return until.holds(values.plain());
    }

    /// How the steps of this pass stand that have a run.
    private Map<Integer, StepState> states(Map<Integer, List<Child>> known) {
        var states = new HashMap<Integer, StepState>();
        portion.ifPresent(part -> states.putAll(done(part)));
        for (var child : known.getOrDefault(pass, List.of())) {
            var place = places.computeIfAbsent(place(child), _ -> new Place());
            boolean isItem = child.step().orElseThrow().item() > 0;
            place.isList |= isItem;
            // An item that its attempt skipped, for want of money, is one that was not done.
            if (child.state() == RunState.SKIPPED && !isItem) {
                states.put(place(child), StepState.SKIPPED);
            } else if (child.state().isFinal()) {
                note(place, child);
            } else {
                place.open++;
            }
        }
        places.forEach((at, place) -> states.computeIfAbsent(at, _ -> state(place)));
        states.forEach(
                (at, state) -> {
                    if (state != StepState.OPEN) {
                        end(at, state);
                    }
                });
        return states;
    }

    /// The steps that count as done, with what they brought in the run that is done again.
    private Map<Integer, StepState> done(Portion part) {
        var states = new HashMap<Integer, StepState>();
        for (int at = 0; at < workflow.steps().size(); at++) {
            if (!part.steps().contains(workflow.steps().get(at).name())) {
                states.put(at, StepState.SUCCEEDED);
                places.put(at, new Place());
            }
        }
        var names = workflow.steps().stream().map(Step::name).toList();
        part.of()
                .ifPresent(
                        of -> {
                            for (var step : stores.families().steps(of, 0, Workflow.MAX_STEPS)) {
                                note(step, names, states);
                            }
                        });
        return states;
    }

    private void note(Run before, List<String> names, Map<Integer, StepState> states) {
        var key = before.occasion().step().orElseThrow();
        int at = nameOf(before, key).map(names::indexOf).orElse(-1);
        if (before.state() == RunState.SUCCEEDED && states.containsKey(at)) {
            var place = requireNonNull(places.get(at), "place");
            place.succeeded.put(key.item(), before.id());
            place.isList |= key.item() > 0;
        }
    }

    /// In the version that was done then.
    private Optional<String> nameOf(Run before, StepKey key) {
        return stores.tasks()
                .version(before.task(), before.version())
                .filter(version -> version.definition().action() instanceof Workflow)
                .map(version -> ((Workflow) version.definition().action()).steps())
                .filter(steps -> key.place() < steps.size())
                .map(steps -> steps.get(key.place()).name());
    }

    private static int place(Child child) {
        return child.step().orElseThrow().place();
    }

    private static void note(Place place, Child ended) {
        if (ended.state() == RunState.SUCCEEDED) {
            place.succeeded.put(ended.step().orElseThrow().item(), ended.id());
        } else {
            place.failed = true;
        }
    }

    private static StepState state(Place place) {
        if (place.open > 0) {
            return StepState.OPEN;
        }
        return place.failed ? StepState.FAILED : StepState.SUCCEEDED;
    }

    /// Plays this pass to its end; returns what becomes of the attempt when it must end before.
    private Optional<Outcome> play(Conductor conductor) throws InterruptedException {
        if (pauses.isPaused()) {
            return Optional.of(BatchOutcomes.stillPaused(now()));
        }
        apply(conductor, conductor.begin());
        while (!conductor.isFinished()) {
            if (family.isStopping()) {
                var later = BatchOutcomes.later("goes on when the server does", now(), List.of());
                return Optional.of(later);
            }
            var freed = new ArrayList<Verdict>();
            for (var child : family.awaitEnds()) {
                var place = requireNonNull(places.get(place(child)), "place");
                place.open--;
                note(place, child);
                if (place.open == 0) {
                    end(place(child), state(place));
                    freed.addAll(conductor.ended(place(child), state(place)));
                }
            }
            // What is freed is found again when the run goes on.
            if (!freed.isEmpty() && pauses.isPaused()) {
                return Optional.of(BatchOutcomes.paused(now(), List.of()));
            }
            apply(conductor, freed);
        }
        return Optional.empty();
    }

    /// Writes the runs of the steps that begin, and those of the steps that are not done.
    private void apply(Conductor conductor, List<Verdict> verdicts) throws InterruptedException {
        var left = verdicts;
        while (!left.isEmpty()) {
            var runs = new ArrayList<NewRun>();
            var notDone = new ArrayList<NotDone>();
            var freed = new ArrayList<Verdict>();
            for (var verdict : left) {
                switch (verdict) {
                    case Verdict.Skip(int step, var reason) -> {
                        notDone.add(new NotDone(run(step, 0, Optional.empty()), reason));
                        end(step, StepState.SKIPPED);
                    }
                    case Verdict.Begin(int step) -> {
                        var begun = begun(step);
                        if (begun.isEmpty()) {
                            var none = run(step, 0, Optional.empty());
                            notDone.add(new NotDone(none, "its list is empty"));
                            end(step, StepState.SKIPPED);
                            freed.addAll(conductor.ended(step, StepState.SKIPPED));
                        }
                        runs.addAll(begun);
                    }
                }
            }
            if (!runs.isEmpty() || !notDone.isEmpty()) {
                family.begin(runs, notDone);
            }
            left = freed;
        }
    }

    /// The runs of a step that begins: one, or one for each item of its list.
    private List<NewRun> begun(int at) {
        var step = workflow.steps().get(at);
        var place = places.computeIfAbsent(at, _ -> new Place());
        if (step.feed().forEach().isEmpty()) {
            place.open = 1;
            return List.of(run(at, 0, given(step)));
        }
        var items = values.items(step.feed().forEach().get());
        if (items.isEmpty() || items.get().size() > MAX_ITEMS) {
            place.open = 1;
            return List.of(run(at, 0, Optional.of(noList(step))));
        }
        place.isList = true;
        place.open = items.get().size();
        var runs = new ArrayList<NewRun>();
        for (int i = 0; i < items.get().size(); i++) {
            Map<String, JsonNode> more =
                    Map.of("item", items.get().get(i), "index", IntNode.valueOf(i));
            runs.add(run(at, i + 1, Optional.of(values.given(step, more))));
        }
        return runs;
    }

    private static String noList(Step step) {
        var given = Json.object();
        given.putArray("missing").add(step.feed().forEach().orElseThrow().toString());
        return Json.write(given);
    }

    private Optional<String> given(Step step) {
        var until =
                switch (step.action()) {
                    case Wait(Wait.Time(var passing)) -> Optional.of(now().plus(passing));
                    case Wait(Wait.Event event) -> event.deadline().map(now()::plus);
                    case Approval approval -> approval.deadline().map(now()::plus);
                    default -> Optional.<Instant>empty();
                };
        if (until.isPresent()) {
            return Optional.of(Json.write(Json.object().put("until", until.get().toEpochMilli())));
        }
        return step.feed().inputs().isEmpty()
                ? Optional.empty()
                : Optional.of(values.given(step, Map.of()));
    }

    private NewRun run(int at, int item, Optional<String> given) {
        var run = lease.run();
        var key = new StepKey(at, pass, item);
        var occasion =
                new Occasion(
                        Trigger.WORKFLOW,
                        Optional.empty(),
                        now(),
                        run.occasion().priority(),
                        Optional.of(run.id()),
                        Optional.of(key));
        return new NewRun(stores.leases().newId(), run.task(), run.version(), occasion, given);
    }

    /// A step has ended: others may look at what it brought.
    private void end(int at, StepState state) {
        var name = workflow.steps().get(at).name();
        tally.count(name, state);
        if (looks) {
            var place = places.computeIfAbsent(at, _ -> new Place());
            values.ended(name, state.name(), output(place));
        }
    }

    private JsonNode output(Place place) {
        var found = stores.runs().outputs(List.copyOf(place.succeeded.values()));
        var brought =
                place.succeeded.values().stream()
                        .map(run -> StepValues.value(found.getOrDefault(run, Output.NONE)))
                        .toList();
        if (place.isList) {
            return Json.array().addAll(brought);
        }
        return brought.isEmpty() ? NullNode.instance : brought.getFirst();
    }

    private Outcome outcome(Conductor conductor) {
        var output = tally.output(pass);
        lastSteps().forEach((name, value) -> output.withObject("/outputs").set(name, value));
        return conductor.hasFailed() ? tally.failed(output) : tally.succeeded(output);
    }

    /// What the steps brought on which no other depends, as far as it is little.
    private Map<String, JsonNode> lastSteps() {
        var last = new TreeMap<String, JsonNode>(Comparator.naturalOrder());
        for (int at : StepTally.ends(workflow)) {
            var place = places.get(at);
            if (place != null && !place.succeeded.isEmpty()) {
                last.put(workflow.steps().get(at).name(), output(place));
            }
        }
        return last;
    }

    private Instant now() {
        return time.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
