package carillon.perform;

import carillon.json.AnswerSchema;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.util.List;

/// What an answer must be: JSON that fits a schema. Says so to the model, and what is wrong with an
/// answer that does not.
final class OutputContract {
    /// Tasks ask again and again with the same schema.
    private static final LoadingCache<String, AnswerSchema> KNOWN =
            Caffeine.newBuilder().maximumSize(200).build(AnswerSchema::of);

    /// In characters; of an answer that is longer, the beginning shows well enough what is wrong.
    private static final int MAX_REPEATED = 20_000;

    private final String text;
    private final AnswerSchema schema;

    private OutputContract(String text, AnswerSchema schema) {
        this.text = text;
        this.schema = schema;
    }

    /// `schema` is one that was checked when its task was saved.
    static OutputContract of(String schema) {
        return new OutputContract(schema, KNOWN.get(schema));
    }

    AnswerSchema.Held hold(String answer) {
        return schema.hold(answer);
    }

    /// The question, with what the answer must be.
    String demand(String question) {
        return question
                + "\n\nAnswer with JSON alone, without any other text. It must fit this JSON"
                + " Schema:\n"
                + text;
    }

    /// The question once more, with the answer that was given and its faults.
    String repair(String question, String answer, List<String> faults) {
        var repeated =
                answer.length() > MAX_REPEATED ? answer.substring(0, MAX_REPEATED) + "…" : answer;
        return demand(question)
                + "\n\nYou have answered this already:\n"
                + repeated
                + "\n\nThat does not fit the schema:\n- "
                + String.join("\n- ", faults)
                + "\n\nAnswer again, with the corrected JSON alone.";
    }
}
