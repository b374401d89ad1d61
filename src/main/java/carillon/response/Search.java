package carillon.response;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Words that a text must have, in any order, and phrases, whose words must follow each other. Each
/// of `terms` is one word or several with spaces between, of letters and digits in any case.
public record Search(List<String> terms) {
    /// In characters.
    public static final int MAX_LENGTH = 500;

    public Search {
        terms = List.copyOf(terms);
        if (terms.isEmpty() || terms.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("at least one word: " + terms);
        }
    }

    /// Reads words, and phrases between double quotes; a quote that is not closed reaches to the
    /// end. What is neither letter nor digit stands between words; a word that is written with such
    /// signs, as `half-time` is, is the phrase of its parts. Empty when there is no word.
    public static Optional<Search> read(String text) {
        var terms = new ArrayList<String>();
        var parts = text.split("\"", -1);
        for (int i = 0; i < parts.length; i++) {
            boolean isPhrase = i % 2 == 1;
            var written = isPhrase ? new String[] {parts[i]} : parts[i].split("\\s+", -1);
            for (var word : written) {
                var term = word.replaceAll("[^\\p{L}\\p{N}\\p{M}]+", " ").strip();
                if (term.codePoints().anyMatch(Character::isLetterOrDigit)) {
                    terms.add(term);
                }
            }
        }
        return terms.isEmpty() ? Optional.empty() : Optional.of(new Search(terms));
    }
}
