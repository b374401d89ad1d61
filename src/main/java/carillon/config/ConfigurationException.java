package carillon.config;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.Collectors;

/// The configuration cannot be used. Carries all that is wrong with it, and says so line by line.
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<ConfigProblem> problems;

    public ConfigurationException(List<ConfigProblem> problems) {
        super(
                problems.stream()
                        .map(problem -> "  " + problem)
                        .collect(
                                Collectors.joining(
                                        System.lineSeparator(),
                                        "the configuration cannot be used:"
                                                + System.lineSeparator(),
                                        "")));
        this.problems = List.copyOf(problems);
    }

    public List<ConfigProblem> problems() {
        return problems;
    }

    @Override
    public String getMessage() {
        return requireNonNull(super.getMessage());
    }
}
