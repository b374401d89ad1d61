package carillon.json;

import java.util.Collection;
import java.util.Optional;

/// Finds the known name that somebody probably meant.
public final class Nearest {
    private static final int MAX_LENGTH = 64;

    private Nearest() {}

    /// The known name with the fewest typing errors to `word`, if that is at most one error in
    /// three characters.
    public static Optional<String> to(String word, Collection<String> known) {
        if (word.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        Optional<String> nearest = Optional.empty();
        int least = Math.max(1, word.length() / 3) + 1;
        for (var name : known) {
            int errors = errors(word, name);
            if (errors < least) {
                least = errors;
                nearest = Optional.of(name);
            }
        }
        return nearest;
    }

    /// "; did you mean 'x'?", or nothing.
    public static String hint(String word, Collection<String> known) {
        return to(word, known).map(name -> "; did you mean '" + name + "'?").orElse("");
    }

    /// How many letters were left out, added, replaced, or swapped with their neighbour.
    private static int errors(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                cost[i][j] = i == 0 ? j : j == 0 ? i : cheapest(cost, a, b, i, j);
            }
        }
        return cost[a.length()][b.length()];
    }

    private static int cheapest(int[][] cost, String a, String b, int i, int j) {
        char x = a.charAt(i - 1);
        char y = b.charAt(j - 1);
        int best = cost[i - 1][j - 1] + (x == y ? 0 : 1);
        best = Math.min(best, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        if (i > 1 && j > 1 && x == b.charAt(j - 2) && a.charAt(i - 2) == y) {
            best = Math.min(best, cost[i - 2][j - 2] + 1);
        }
        return best;
    }
}
