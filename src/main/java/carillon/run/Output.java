package carillon.run;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.OptionalInt;

/// What an attempt brought back. `body` holds at most [#MAX_KEPT] bytes of text; `cut` says that
/// there was more.
public record Output(OptionalInt statusCode, String contentType, String body, boolean cut) {
    public static final int MAX_KEPT = 64 * 1024;
    public static final Output NONE = new Output(OptionalInt.empty(), "", "", false);

    public Output {
        requireNonNull(statusCode, "statusCode");
        requireNonNull(contentType, "contentType");
        requireNonNull(body, "body");
    }

    /// The body or, where that was cut, what is known of the model's answer that it was cut from.
    public String whole(Optional<ModelAnswer> answer) {
        return cut ? answer.map(ModelAnswer::text).orElse(body) : body;
    }

    public boolean isEmpty() {
        return statusCode.isEmpty() && body.isEmpty();
    }
}
