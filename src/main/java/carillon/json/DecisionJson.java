package carillon.json;

import static java.util.Objects.requireNonNull;

/// What a person has said where a workflow asked: the output of that step, which later steps can
/// read by path. `comment` may be empty.
public record DecisionJson(boolean approved, String by, String comment) {
    public DecisionJson {
        requireNonNull(by, "by");
        requireNonNull(comment, "comment");
    }

    /// `{"approved", "by", "comment"}`.
    public String write() {
        return Json.write(
                Json.object().put("approved", approved).put("by", by).put("comment", comment));
    }

    /// The same in words.
    public String reason() {
        var word = approved ? "approved" : "rejected";
        return word + " by " + by + (comment.isEmpty() ? "" : ": " + comment);
    }
}
