package carillon.action;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/// Whether what stands at a path is as it should be. `value` is a [String], a [BigDecimal] or a
/// [Boolean]; only [Op#EXISTS] has none. A condition whose path leads nowhere does not hold,
/// whatever its operator.
public record Condition(ValuePath path, Op op, Optional<Object> value) {
    /// How the two values are compared.
    public enum Op {
        EQ,
        NE,
        GT,
        GE,
        LT,
        LE,
        /// A text has the other in it, or a list has an item that equals it.
        CONTAINS,
        /// There is something at the path.
        EXISTS
    }

    public Condition {
        requireNonNull(path, "path");
        requireNonNull(op, "op");
        requireNonNull(value, "value");
        if (value.isPresent() == (op == Op.EXISTS)) {
            throw new IllegalArgumentException("'exists' has no value, all others have one");
        }
        if (!value.stream().allMatch(Condition::isPlain)) {
            throw new IllegalArgumentException("a value is a text, a number, true or false");
        }
    }

    private static boolean isPlain(Object value) {
        return value instanceof String || value instanceof BigDecimal || value instanceof Boolean;
    }

    /// Whether it holds for the values below `root`, which are as [ValuePath#in] knows them, with
    /// [BigDecimal] for numbers.
    public boolean holds(Object root) {
        var found = path.in(root);
        return found.isPresent() && (value.isEmpty() || compare(found.get(), value.orElseThrow()));
    }

    private boolean compare(Object found, Object wanted) {
        return switch (op) {
            case EQ -> same(found, wanted);
            case NE -> !same(found, wanted);
            case CONTAINS -> contains(found, wanted);
            case GT -> order(found, wanted).filter(sign -> sign > 0).isPresent();
            case GE -> order(found, wanted).filter(sign -> sign >= 0).isPresent();
            case LT -> order(found, wanted).filter(sign -> sign < 0).isPresent();
            case LE -> order(found, wanted).filter(sign -> sign <= 0).isPresent();
            case EXISTS -> true;
        };
    }

    private static boolean same(Object found, Object wanted) {
        return found.equals(wanted) || order(found, wanted).filter(sign -> sign == 0).isPresent();
    }

    /// Numbers and texts have an order, each among themselves.
    private static Optional<Integer> order(Object found, Object wanted) {
        if (found instanceof BigDecimal one && wanted instanceof BigDecimal other) {
            return Optional.of(one.compareTo(other));
        }
        if (found instanceof String one && wanted instanceof String other) {
            return Optional.of(one.compareTo(other));
        }
        return Optional.empty();
    }

    private static boolean contains(Object found, Object wanted) {
        return switch (found) {
            case String text -> wanted instanceof String part && text.contains(part);
            case List<?> list -> list.stream().anyMatch(item -> item != null && same(item, wanted));
            default -> false;
        };
    }
}
