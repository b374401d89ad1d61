package carillon.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How numbers are worded.
final class WordsTest {
    @ParameterizedTest
    @CsvSource({
        "0,$0.00",
        "15000,$0.000015",
        "1,$0.000000001",
        "241021440,$0.241",
        "500000000,$0.50",
        "999999999,$1.00",
        "1000000000,$1.00",
        "24638848480,$24.64",
        "1200000000000,$1200.00",
        "-241021440,$-0.241"
    })
    void money_has_cents_and_more_digits_only_below_a_dollar(long nanodollars, String words) {
        assertThat(Words.money(nanodollars)).isEqualTo(words);
    }
}
