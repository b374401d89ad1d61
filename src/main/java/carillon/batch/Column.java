package carillon.batch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The columns of an input that mean something, by the names that JSON Lines use too.
enum Column {
    ID("id"),
    PROMPT("prompt"),
    MESSAGES("messages"),
    MODEL("model"),
    TEMPERATURE("temperature"),
    MAX_TOKENS("maxTokens"),
    METADATA("metadata"),
    BATCH_ID("batch_id"),
    CORRELATION_ID("corr_id"),
    IDEMPOTENCY_KEY("idempotency_key");

    /// Columns that become metadata, as every unknown one does.
    static final List<String> FOLDED = List.of("source", "priority", "tags", "category", "notes");

    /// As the API of single tasks calls them.
    private static final Map<String, Column> OTHER_WORDS =
            Map.of(
                    "batchId", BATCH_ID,
                    "corrId", CORRELATION_ID,
                    "idempotencyKey", IDEMPOTENCY_KEY,
                    "max_tokens", MAX_TOKENS);

    private static final Map<String, Column> BY_WORD = byWord();

    private final String word;

    Column(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }

    static Optional<Column> of(String word) {
        return Optional.ofNullable(BY_WORD.get(word))
                .or(() -> Optional.ofNullable(OTHER_WORDS.get(word)));
    }

    /// All names that a typing error can be measured against.
    static List<String> words() {
        var words = new ArrayList<>(BY_WORD.keySet());
        words.addAll(FOLDED);
        return words;
    }

    private static Map<String, Column> byWord() {
        var columns = new LinkedHashMap<String, Column>();
        for (var column : values()) {
            columns.put(column.word, column);
        }
        return Collections.unmodifiableMap(columns);
    }
}
