package carillon.task;

import static java.util.Objects.requireNonNull;

import java.util.List;

/// What is done with the output of a run that succeeded: each processor of the chain, in its order.
public record Processing(List<ProcessorUse> processors, Notify when) {
    public static final Processing NONE = new Processing(List.of(), Notify.ALWAYS);

    public Processing {
        processors = List.copyOf(processors);
        requireNonNull(when, "when");
    }
}
