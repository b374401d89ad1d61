package carillon.workflow;

import static java.util.Objects.requireNonNull;

import carillon.action.Step;
import carillon.action.Workflow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/// Says what comes next in one run of a workflow. It knows nothing that is not on disk: made anew
/// from the states of the steps that have a row, it goes on where the one before it stood. Each end
/// of a step costs as much as it frees. Not for several threads.
public final class Conductor {
    private final Workflow workflow;
    private final Map<Integer, StepState> states;
    private final Supplier<Object> values;
    private final IntPredicate didSome;
    private final List<List<Integer>> befores;
    private final List<List<Integer>> afters = new ArrayList<>();
    private final Map<String, Integer> places = new HashMap<>();
    private final int[] left;
    private final Map<StepState, Integer> counts = new EnumMap<>(StepState.class);
    private final List<Integer> compensations;
    private int nextCompensation;
    private int plainEnded;
    private boolean stopped;

    /// `known` are the states of the steps that have a row; `values` gives what conditions look at,
    /// which are the input and the outputs of the steps that have ended by then.
    public Conductor(Workflow workflow, Map<Integer, StepState> known, Supplier<Object> values) {
        this(workflow, known, values, _ -> false);
    }

    /// The same; `didSome` says of a step that has failed whether a part of it has succeeded, which
    /// is some items of its list.
    public Conductor(
            Workflow workflow,
            Map<Integer, StepState> known,
            Supplier<Object> values,
            IntPredicate didSome) {
        this.didSome = didSome;
        this.workflow = workflow;
        this.states = new HashMap<>(known);
        this.values = values;
        this.befores = workflow.befores();
        this.left = befores.stream().mapToInt(List::size).toArray();
        befores.forEach(_ -> afters.add(new ArrayList<>()));
        for (int i = 0; i < left.length; i++) {
            places.put(workflow.steps().get(i).name(), i);
            for (int before : befores.get(i)) {
                afters.get(before).add(i);
            }
        }
        compensations = compensations();
        known.forEach(this::note);
    }

    /// The steps that compensate others, those of the last ones first.
    private List<Integer> compensations() {
        var of = new HashMap<Integer, Integer>();
        for (int i = 0; i < left.length; i++) {
            int step = i;
            workflow.steps()
                    .get(i)
                    .compensates()
                    .map(places::get)
                    .ifPresent(target -> of.put(target, step));
        }
        if (of.isEmpty()) {
            return List.of();
        }
        var order = new ArrayList<Integer>();
        var waits = left.clone();
        var ready = new ArrayDeque<Integer>();
        for (int i = 0; i < waits.length; i++) {
            if (waits[i] == 0) {
                ready.add(i);
            }
        }
        while (!ready.isEmpty()) {
            int step = ready.remove();
            Optional.ofNullable(of.get(step)).ifPresent(order::add);
            for (int after : afters.get(step)) {
                waits[after]--;
                if (waits[after] == 0) {
                    ready.add(after);
                }
            }
        }
        return order.reversed();
    }

    private void note(int step, StepState state) {
        counts.merge(state, 1, Integer::sum);
        boolean plain = !workflow.steps().get(step).isCompensation();
        plainEnded += plain && state != StepState.OPEN ? 1 : 0;
        stopped |=
                state == StepState.FAILED
                        && workflow.steps().get(step).onFailure() == Step.OnFailure.STOP;
    }

    /// What is to become of the steps that have no row and wait for nothing. To be called once,
    /// first.
    public List<Verdict> begin() {
        var ready = new ArrayDeque<Integer>();
        for (int i = 0; i < left.length; i++) {
            if (befores.get(i).isEmpty() && !workflow.steps().get(i).isCompensation()) {
                ready.add(i);
            }
        }
        return decide(ready);
    }

    /// The same, after an open step has ended. Throws [IllegalArgumentException] when it was not
    /// open, or `end` is no end.
    public List<Verdict> ended(int step, StepState end) {
        if (end == StepState.OPEN || states.get(step) != StepState.OPEN) {
            throw new IllegalArgumentException("step " + step + " cannot end as " + end);
        }
        counts.merge(StepState.OPEN, -1, Integer::sum);
        states.put(step, end);
        note(step, end);
        var ready = new ArrayDeque<Integer>();
        free(step, ready);
        return decide(ready);
    }

    private List<Verdict> decide(Deque<Integer> ready) {
        var verdicts = new ArrayList<Verdict>();
        while (!ready.isEmpty()) {
            int step = ready.remove();
            if (!states.containsKey(step)) {
                var verdict = verdict(step);
                var state = verdict instanceof Verdict.Skip ? StepState.SKIPPED : StepState.OPEN;
                states.put(step, state);
                note(step, state);
                verdicts.add(verdict);
            }
            if (states.get(step) != StepState.OPEN) {
                free(step, ready);
            }
        }
        verdicts.sort(Comparator.comparingInt(this::rank));
        compensate(verdicts);
        return verdicts;
    }

    /// Once all other steps have ended, what they did is undone one by one, if one of them failed.
    private void compensate(List<Verdict> verdicts) {
        if (plainEnded < left.length - compensations.size()) {
            return;
        }
        while (nextCompensation < compensations.size()) {
            int step = compensations.get(nextCompensation);
            if (!states.containsKey(step)) {
                var verdict = compensation(step);
                var state = verdict instanceof Verdict.Skip ? StepState.SKIPPED : StepState.OPEN;
                states.put(step, state);
                note(step, state);
                verdicts.add(verdict);
            }
            if (states.get(step) == StepState.OPEN) {
                return;
            }
            nextCompensation++;
        }
    }

    private Verdict compensation(int place) {
        var step = workflow.steps().get(place);
        var target = step.compensates().orElseThrow();
        if (!hasFailed()) {
            return new Verdict.Skip(place, "no step has failed");
        }
        if (!didAnything(target)) {
            return new Verdict.Skip(place, "'" + target + "' has not succeeded");
        }
        return step.when().filter(when -> !when.holds(values.get())).isPresent()
                ? new Verdict.Skip(place, "its condition does not hold")
                : new Verdict.Begin(place);
    }

    private boolean didAnything(String name) {
        int step = requireNonNull(places.get(name), name);
        var state = states.get(step);
        return state == StepState.SUCCEEDED || (state == StepState.FAILED && didSome.test(step));
    }

    private int rank(Verdict verdict) {
        return -workflow.steps().get(verdict.step()).priority();
    }

    private void free(int step, Deque<Integer> ready) {
        for (int after : afters.get(step)) {
            left[after]--;
            if (left[after] == 0) {
                ready.add(after);
            }
        }
    }

    private Verdict verdict(int place) {
        if (stopped) {
            return new Verdict.Skip(place, "a step before it failed");
        }
        var step = workflow.steps().get(place);
        int skipped = 0;
        for (var name : step.dependsOn()) {
            var state = states.get(places.get(name));
            if (state == StepState.FAILED) {
                return new Verdict.Skip(place, "depends on '" + name + "', which failed");
            }
            skipped += state == StepState.SKIPPED ? 1 : 0;
        }
        if (skipped > 0 && skipped == step.dependsOn().size()) {
            return new Verdict.Skip(place, "all that it depends on was skipped");
        }
        return step.when().filter(when -> !when.holds(values.get())).isPresent()
                ? new Verdict.Skip(place, "its condition does not hold")
                : new Verdict.Begin(place);
    }

    /// Whether every step has ended.
    public boolean isFinished() {
        return states.size() == left.length && counts.getOrDefault(StepState.OPEN, 0) == 0;
    }

    /// Whether a step has failed; then so has the workflow, when it is finished.
    public boolean hasFailed() {
        return counts.getOrDefault(StepState.FAILED, 0) > 0;
    }
}
