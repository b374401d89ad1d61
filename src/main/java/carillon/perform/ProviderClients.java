package carillon.perform;

import carillon.ai.Endpoint;
import carillon.ai.Model;
import carillon.ai.Provider;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.googleai.GoogleAiGeminiChatModel;
import dev.langchain4j.model.googleai.GoogleAiGeminiStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// The clients of providers: one for each model at its address under its key, since making one
/// takes longer than a question to a model nearby. They hold nothing but their settings; each
/// question brings its own exchange, and is put within [ChatExchange#during].
final class ProviderClients {
    /// For clients that insist on a key where the server may not.
    private static final String NO_KEY = "none";

    private final Kept<StreamingChatModel> streaming = new Kept<>(ProviderClients::streaming);
    private final Kept<ChatModel> whole = new Kept<>(ProviderClients::whole);

    /// Asks for an answer piece by piece.
    StreamingChatModel streaming(Model model, Endpoint endpoint) {
        return streaming.of(model, endpoint);
    }

    /// Asks for an answer in one piece.
    ChatModel whole(Model model, Endpoint endpoint) {
        return whole.of(model, endpoint);
    }

    private record Name(Provider provider, Endpoint endpoint, String model) {
        String address() {
            return endpoint.baseUrl().toString();
        }

        String key() {
            return endpoint.apiKey().orElse(NO_KEY);
        }
    }

    private static final class Kept<C> {
        /// More come only from keys and addresses that change.
        private static final int MOST = 500;

        private final Map<Name, C> clients = new ConcurrentHashMap<>();
        private final Function<Name, C> make;

        Kept(Function<Name, C> make) {
            this.make = make;
        }

        C of(Model model, Endpoint endpoint) {
            if (clients.size() >= MOST) {
                clients.clear();
            }
            var name = new Name(model.provider(), endpoint, model.model());
            return clients.computeIfAbsent(name, make);
        }
    }

    private static StreamingChatModel streaming(Name wanted) {
        var http = ChatExchange.current();
        return switch (wanted.provider) {
            case ECHO -> throw new IllegalStateException("echo has no endpoint");
            case OPENAI -> {
                var builder =
                        OpenAiStreamingChatModel.builder()
                                .httpClientBuilder(http)
                                .baseUrl(wanted.address())
                                .modelName(wanted.model);
                wanted.endpoint.apiKey().ifPresent(builder::apiKey);
                yield builder.build();
            }
            case ANTHROPIC ->
                    AnthropicStreamingChatModel.builder()
                            .httpClientBuilder(http)
                            .baseUrl(wanted.address())
                            .apiKey(wanted.key())
                            .modelName(wanted.model)
                            .build();
            case GEMINI ->
                    GoogleAiGeminiStreamingChatModel.builder()
                            .httpClientBuilder(http)
                            .baseUrl(wanted.address())
                            .apiKey(wanted.key())
                            .modelName(wanted.model)
                            .build();
        };
    }

    private static ChatModel whole(Name wanted) {
        var http = ChatExchange.current();
        return switch (wanted.provider) {
            case ECHO -> throw new IllegalStateException("echo has no endpoint");
            case OPENAI -> openAi(wanted.model, wanted.endpoint, http);
            case ANTHROPIC ->
                    AnthropicChatModel.builder()
                            .httpClientBuilder(http)
                            .baseUrl(wanted.address())
                            .apiKey(wanted.key())
                            .modelName(wanted.model)
                            .maxRetries(0)
                            .build();
            case GEMINI ->
                    GoogleAiGeminiChatModel.builder()
                            .httpClientBuilder(http)
                            .baseUrl(wanted.address())
                            .apiKey(wanted.key())
                            .modelName(wanted.model)
                            .maxRetries(0)
                            .build();
        };
    }

    /// A client that is not kept, over any way to the provider.
    static ChatModel openAi(String model, Endpoint endpoint, HttpClientBuilder http) {
        var builder =
                OpenAiChatModel.builder()
                        .httpClientBuilder(http)
                        .baseUrl(endpoint.baseUrl().toString())
                        .modelName(model)
                        .maxRetries(0);
        endpoint.apiKey().ifPresent(builder::apiKey);
        return builder.build();
    }
}
