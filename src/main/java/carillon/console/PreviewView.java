package carillon.console;

import static java.util.Objects.requireNonNull;

import java.util.List;

/// What a definition would do, before it is saved: what is wrong with it, or when it would fire.
public record PreviewView(List<String> problems, String schedule, List<String> times) {
    public PreviewView {
        problems = List.copyOf(problems);
        requireNonNull(schedule, "schedule");
        times = List.copyOf(times);
    }
}
