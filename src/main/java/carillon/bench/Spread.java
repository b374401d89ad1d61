package carillon.bench;

import java.util.ArrayList;
import java.util.List;

/// The figures of several rounds of the same measurement.
public record Spread(List<Double> values) {
    public Spread {
        values = values.stream().sorted().toList();
        if (values.isEmpty()) {
            throw new IllegalArgumentException("nothing was measured");
        }
    }

    static Spread of(double value) {
        return new Spread(List.of(value));
    }

    /// What the same work takes again and again, in milliseconds.
    static Spread millis(int rounds, Runnable work) {
        var times = new ArrayList<Double>();
        for (int round = 0; round < rounds; round++) {
            long begin = System.nanoTime();
            work.run();
            times.add((System.nanoTime() - begin) / 1e6);
        }
        return new Spread(times);
    }

    public double median() {
        int middle = values.size() / 2;
        return values.size() % 2 == 1
                ? values.get(middle)
                : (values.get(middle - 1) + values.get(middle)) / 2;
    }

    public double min() {
        return values.getFirst();
    }

    public double max() {
        return values.getLast();
    }
}
