package carillon.run;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/// What an attempt asked of models: what one of them said, and how often each was asked, whether it
/// answered or not. An attempt that asked nothing has [#NOTHING].
public record Asked(Optional<ModelAnswer> answer, List<ModelUse> uses) {
    public static final Asked NOTHING = new Asked(Optional.empty(), List.of());

    public Asked {
        requireNonNull(answer, "answer");
        uses = List.copyOf(uses);
    }
}
