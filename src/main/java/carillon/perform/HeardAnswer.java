package carillon.perform;

import carillon.run.ModelAnswer;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.Optional;

/// What has been heard of an answer that comes piece by piece.
final class HeardAnswer implements StreamingChatResponseHandler {
    private final StringBuilder text = new StringBuilder();
    private Optional<ChatResponse> whole = Optional.empty();
    private boolean tooLong;
    private boolean failed;

    /// The beginning, as far as it came.
    String text() {
        return text.toString();
    }

    /// Empty until the end has come.
    Optional<ChatResponse> whole() {
        return failed || tooLong ? Optional.empty() : whole;
    }

    /// Whether the client gave up, or was told that no end comes.
    boolean hasFailed() {
        return failed;
    }

    /// Whether there was more than is kept.
    boolean isTooLong() {
        return tooLong;
    }

    @Override
    public void onPartialResponse(PartialResponse partial, PartialResponseContext context) {
        if (text.length() + partial.text().length() > ModelAnswer.MAX_KEPT) {
            tooLong = true;
            context.streamingHandle().cancel();
            return;
        }
        text.append(partial.text());
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
        whole = Optional.of(response);
    }

    @Override
    public void onError(Throwable error) {
        failed = true;
    }
}
