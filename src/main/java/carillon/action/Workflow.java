package carillon.action;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Steps, and what must end before what. Its dependencies have no cycle; see [#faults]. With a
/// `loop` all of them are done again and again. `sheet` is what a dialect keeps of how it was told,
/// as text that only it reads.
public record Workflow(Shape shape, List<Step> steps, Optional<Loop> loop, Optional<String> sheet)
        implements Action {
    public static final int MAX_STEPS = 10_000;

    /// What the steps do beside heeding their dependencies.
    public enum Shape {
        /// One after the other, by `order`.
        LINEAR,
        /// All at once.
        PARALLEL,
        /// All at once, where their conditions hold.
        CONDITIONAL
    }

    /// Passes follow each other until `until` holds, a pass has failed, or there were `maxPasses`,
    /// from 1 to [#MAX_PASSES].
    public record Loop(Optional<Condition> until, int maxPasses) {
        public static final int MAX_PASSES = 1_000;
        public static final int DEFAULT_PASSES = 10;

        public Loop {
            requireNonNull(until, "until");
            if (maxPasses < 1 || maxPasses > MAX_PASSES) {
                throw new IllegalArgumentException("passes are 1 to " + MAX_PASSES);
            }
        }
    }

    /// Without a sheet.
    public Workflow(Shape shape, List<Step> steps, Optional<Loop> loop) {
        this(shape, steps, loop, Optional.empty());
    }

    /// Once.
    public Workflow(Shape shape, List<Step> steps) {
        this(shape, steps, Optional.empty());
    }

    /// The same, with this sheet.
    public Workflow with(Optional<String> other) {
        return new Workflow(shape, steps, loop, other);
    }

    @Override
    public boolean conducts() {
        return true;
    }

    /// Whether what steps bring is looked at by others.
    public boolean looksAtValues() {
        return loop.flatMap(Loop::until).isPresent()
                || steps.stream()
                        .anyMatch(step -> step.when().isPresent() || !step.feed().isEmpty());
    }

    /// Without what it does, so that it may stand in a log.
    @Override
    public String toString() {
        return "workflow of " + steps.size() + " steps";
    }

    public Workflow {
        requireNonNull(shape, "shape");
        requireNonNull(loop, "loop");
        requireNonNull(sheet, "sheet");
        steps = List.copyOf(steps);
        var faults = faults(shape, steps);
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(faults.getFirst().toString());
        }
    }

    /// What is wrong with step number `step`, counted from 0; empty when it is all of them.
    public record Fault(Optional<Integer> step, String message) {}

    /// Why these steps cannot be a workflow; empty when they can.
    public static List<Fault> faults(Shape shape, List<Step> steps) {
        if (steps.size() > MAX_STEPS) {
            var message = "must have at most " + MAX_STEPS + " steps";
            return List.of(new Fault(Optional.empty(), message));
        }
        var faults = new ArrayList<Fault>();
        var places = new HashMap<String, Integer>();
        for (int i = 0; i < steps.size(); i++) {
            if (places.putIfAbsent(steps.get(i).name(), i) != null) {
                faults.add(fault(i, "another step has the name '" + steps.get(i).name() + "'"));
            }
        }
        for (int i = 0; i < steps.size(); i++) {
            for (var name : steps.get(i).dependsOn()) {
                if (!places.containsKey(name)) {
                    faults.add(fault(i, "depends on '" + name + "', which is no step"));
                }
            }
        }
        faults.addAll(compensationFaults(steps, places));
        if (faults.isEmpty()) {
            cycle(befores(shape, steps, places))
                    .ifPresent(i -> faults.add(fault(i, "waits for itself: " + why(shape))));
        }
        return faults;
    }

    private static List<Fault> compensationFaults(List<Step> steps, Map<String, Integer> places) {
        var faults = new ArrayList<Fault>();
        var compensated = new HashSet<String>();
        for (int i = 0; i < steps.size(); i++) {
            for (var name : steps.get(i).dependsOn()) {
                if (isCompensation(steps, places, name)) {
                    faults.add(fault(i, "depends on '" + name + "', which is a compensation"));
                }
            }
            var target = steps.get(i).compensates();
            if (target.isEmpty()) {
                continue;
            }
            var name = target.get();
            if (!places.containsKey(name)) {
                faults.add(fault(i, "compensates '" + name + "', which is no step"));
            } else if (isCompensation(steps, places, name)) {
                faults.add(fault(i, "compensates '" + name + "', which is a compensation itself"));
            }
            if (!compensated.add(name)) {
                faults.add(fault(i, "another step compensates '" + name + "'"));
            }
            if (!steps.get(i).dependsOn().isEmpty()) {
                faults.add(fault(i, "compensates a step, and so can depend on none"));
            }
        }
        return faults;
    }

    private static boolean isCompensation(
            List<Step> steps, Map<String, Integer> places, String name) {
        return Optional.ofNullable(places.get(name))
                .filter(at -> steps.get(at).isCompensation())
                .isPresent();
    }

    private static Fault fault(int step, String message) {
        return new Fault(Optional.of(step), message);
    }

    private static String why(Shape shape) {
        return shape == Shape.LINEAR
                ? "its dependencies form a cycle, or go against the order"
                : "its dependencies form a cycle";
    }

    /// For each step, the places of those that must have ended before: its dependencies and, in a
    /// linear workflow, the step before it in the order. Compensations stand apart.
    public List<List<Integer>> befores() {
        var places = new HashMap<String, Integer>();
        for (int i = 0; i < steps.size(); i++) {
            places.put(steps.get(i).name(), i);
        }
        return befores(shape, steps, places);
    }

    /// The names of a step and of all that come after it, whether they wait for it themselves or
    /// for others that do; none when there is no such step.
    public Set<String> from(String name) {
        var befores = befores();
        var wanted = new BitSet();
        boolean grown = true;
        for (int i = 0; i < steps.size(); i++) {
            wanted.set(i, steps.get(i).name().equals(name));
        }
        while (grown) {
            int before = wanted.cardinality();
            for (int i = 0; i < steps.size(); i++) {
                if (befores.get(i).stream().anyMatch(wanted::get)) {
                    wanted.set(i);
                }
            }
            grown = wanted.cardinality() > before;
        }
        return wanted.stream()
                .mapToObj(i -> steps.get(i).name())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static List<List<Integer>> befores(
            Shape shape, List<Step> steps, Map<String, Integer> places) {
        var befores = new ArrayList<List<Integer>>();
        for (var step : steps) {
            befores.add(new ArrayList<>(step.dependsOn().stream().map(places::get).toList()));
        }
        if (shape == Shape.LINEAR) {
            var line =
                    IntStream.range(0, steps.size())
                            .boxed()
                            .filter(i -> !steps.get(i).isCompensation())
                            .sorted(Comparator.comparingInt(i -> steps.get(i).order()))
                            .toList();
            for (int i = 1; i < line.size(); i++) {
                var before = befores.get(line.get(i));
                if (!before.contains(line.get(i - 1))) {
                    before.add(line.get(i - 1));
                }
            }
        }
        return befores;
    }

    /// A step that can never begin, if there is one.
    private static Optional<Integer> cycle(List<List<Integer>> befores) {
        var left = new int[befores.size()];
        var afters = new ArrayList<List<Integer>>();
        befores.forEach(_ -> afters.add(new ArrayList<>()));
        var ready = new ArrayDeque<Integer>();
        for (int i = 0; i < left.length; i++) {
            left[i] = befores.get(i).size();
            for (int before : befores.get(i)) {
                afters.get(before).add(i);
            }
            if (left[i] == 0) {
                ready.add(i);
            }
        }
        while (!ready.isEmpty()) {
            for (int after : afters.get(ready.remove())) {
                left[after]--;
                if (left[after] == 0) {
                    ready.add(after);
                }
            }
        }
        return Arrays.stream(left).anyMatch(count -> count > 0)
                ? IntStream.range(0, left.length).filter(i -> left[i] > 0).boxed().findFirst()
                : Optional.empty();
    }
}
