package carillon.perform;

import carillon.ai.Endpoint;
import carillon.ai.Model;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.googleai.GoogleAiGeminiStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel.OpenAiStreamingChatModelBuilder;

/// The clients of providers that ask for an answer piece by piece. Light, and made anew for each
/// question: they hold nothing but their settings.
final class StreamingClients {
    /// For clients that insist on a key where the server may not.
    static final String NO_KEY = "none";

    private StreamingClients() {}

    static StreamingChatModel of(Model model, Endpoint endpoint, HttpClientBuilder http) {
        return switch (model.provider()) {
            case ECHO -> throw new IllegalStateException("echo has no endpoint");
            case OPENAI -> openAi(model, endpoint, http);
            case ANTHROPIC ->
                    AnthropicStreamingChatModel.builder()
                            .httpClientBuilder(http)
                            .baseUrl(endpoint.baseUrl().toString())
                            .apiKey(endpoint.apiKey().orElse(NO_KEY))
                            .modelName(model.model())
                            .build();
            case GEMINI ->
                    GoogleAiGeminiStreamingChatModel.builder()
                            .httpClientBuilder(http)
                            .baseUrl(endpoint.baseUrl().toString())
                            .apiKey(endpoint.apiKey().orElse(NO_KEY))
                            .modelName(model.model())
                            .build();
        };
    }

    private static StreamingChatModel openAi(
            Model model, Endpoint endpoint, HttpClientBuilder http) {
        // Its `builder()` searches all jars for another one, at each call.
        var builder =
                new OpenAiStreamingChatModelBuilder()
                        .httpClientBuilder(http)
                        .baseUrl(endpoint.baseUrl().toString())
                        .modelName(model.model());
        endpoint.apiKey().ifPresent(builder::apiKey);
        return builder.build();
    }
}
