package carillon.budget;

import carillon.action.Question;
import java.util.Optional;

/// Knows what a question will say, as far as that can be told before it is asked.
@FunctionalInterface
public interface QuestionTexts {
    /// Empty when the question could not be asked.
    Optional<String> find(Question question);
}
