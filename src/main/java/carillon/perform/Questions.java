package carillon.perform;

import static java.util.Objects.requireNonNull;

import carillon.action.Conversation;
import carillon.action.PromptCall;
import carillon.action.Question;
import carillon.run.Lease;
import carillon.run.ModelAnswer;
import java.util.Optional;

/// Says what a model is asked in an attempt that begins now.
@FunctionalInterface
public interface Questions {
    /// Knows no stored prompts and fills nothing in.
    Questions LITERAL =
            (call, _) ->
                    switch (call.question()) {
                        case Question.Text(var text) -> new Wording.Ready(text, Optional.empty());
                        case Question.Messages(var conversation) ->
                                new Wording.Ready(conversation, Optional.empty());
                        case Question.Template _, Question.Stored _ ->
                                new Wording.Refused("there are no prompts here");
                    };

    Wording of(PromptCall call, Lease lease);

    sealed interface Wording {
        /// `prompt` is the stored one that it was rendered from.
        record Ready(Conversation conversation, Optional<ModelAnswer.Rendered> prompt)
                implements Wording {
            public Ready {
                requireNonNull(conversation, "conversation");
                requireNonNull(prompt, "prompt");
            }

            /// One question.
            public Ready(String text, Optional<ModelAnswer.Rendered> prompt) {
                this(Conversation.of(text), prompt);
            }
        }

        /// There is no question, and trying again would not make one; `reason` is for people.
        record Refused(String reason) implements Wording {
            public Refused {
                requireNonNull(reason, "reason");
            }
        }
    }
}
