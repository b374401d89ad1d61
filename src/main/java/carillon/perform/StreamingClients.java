package carillon.perform;

import carillon.ai.Endpoint;
import carillon.ai.Model;
import carillon.ai.Provider;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.googleai.GoogleAiGeminiStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The clients of providers that ask for an answer piece by piece: one for each model at its
/// address under its key, since making one takes longer than a question to a model nearby. They
/// hold nothing but their settings; each question brings its own exchange.
final class StreamingClients {
    /// For clients that insist on a key where the server may not.
    static final String NO_KEY = "none";

    /// More come only from keys and addresses that change.
    private static final int MAX_KEPT = 500;

    private record Name(Provider provider, Endpoint endpoint, String model) {}

    private final Map<Name, StreamingChatModel> clients = new ConcurrentHashMap<>();

    /// The client, for use within [ChatExchange#during].
    StreamingChatModel of(Model model, Endpoint endpoint) {
        if (clients.size() >= MAX_KEPT) {
            clients.clear();
        }
        var name = new Name(model.provider(), endpoint, model.model());
        return clients.computeIfAbsent(name, wanted -> make(wanted, ChatExchange.current()));
    }

    private static StreamingChatModel make(Name wanted, HttpClientBuilder http) {
        var endpoint = wanted.endpoint;
        return switch (wanted.provider) {
            case ECHO -> throw new IllegalStateException("echo has no endpoint");
            case OPENAI -> openAi(wanted, http);
            case ANTHROPIC ->
                    AnthropicStreamingChatModel.builder()
                            .httpClientBuilder(http)
                            .baseUrl(endpoint.baseUrl().toString())
                            .apiKey(endpoint.apiKey().orElse(NO_KEY))
                            .modelName(wanted.model)
                            .build();
            case GEMINI ->
                    GoogleAiGeminiStreamingChatModel.builder()
                            .httpClientBuilder(http)
                            .baseUrl(endpoint.baseUrl().toString())
                            .apiKey(endpoint.apiKey().orElse(NO_KEY))
                            .modelName(wanted.model)
                            .build();
        };
    }

    private static StreamingChatModel openAi(Name wanted, HttpClientBuilder http) {
        var builder =
                OpenAiStreamingChatModel.builder()
                        .httpClientBuilder(http)
                        .baseUrl(wanted.endpoint.baseUrl().toString())
                        .modelName(wanted.model);
        wanted.endpoint.apiKey().ifPresent(builder::apiKey);
        return builder.build();
    }
}
