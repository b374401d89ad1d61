package carillon.budget;

import java.math.BigDecimal;
import java.math.RoundingMode;

/// Money is counted in nanodollars, thousand-millionths of a dollar, and shown in dollars.
public final class Money {
    /// What a dollar has of them, in digits.
    public static final int DIGITS = 9;

    private Money() {}

    /// Rounded down to whole nanodollars. Throws [ArithmeticException] above nine thousand million
    /// dollars.
    public static long nanodollars(BigDecimal dollars) {
        return dollars.movePointRight(DIGITS).setScale(0, RoundingMode.FLOOR).longValueExact();
    }

    /// Exact, with as few digits as that takes.
    public static BigDecimal dollars(long nanodollars) {
        var exact = BigDecimal.valueOf(nanodollars, DIGITS).stripTrailingZeros();
        return exact.scale() < 0 ? exact.setScale(0) : exact;
    }

    /// For people: whole cents at least, such as `$1.50`, and more digits only where there are any.
    public static String words(long nanodollars) {
        var dollars = dollars(nanodollars);
        return "$" + (dollars.scale() < 2 ? dollars.setScale(2) : dollars).toPlainString();
    }
}
