package carillon.engine;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;

/// Judges leases by the one clock that is right, as a database that nodes share does, whatever the
/// callers think the time is. Hands everything else on.
final class TrueClock {
    /// Whose instants are of leases: the first is now for the caller, a second is until when.
    private static final Set<String> JUDGED =
            Set.of("join", "renew", "rescue", "now", "untilNextEnd");

    private final InstantSource clock;

    TrueClock(InstantSource clock) {
        this.clock = clock;
    }

    <T> T judge(Class<T> type, T store) {
        var proxy =
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (_, method, arguments) -> {
                            try {
                                return JUDGED.contains(method.getName())
                                        ? method.invoke(store, translated(arguments))
                                        : method.invoke(store, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
        return type.cast(proxy);
    }

    private Object[] translated(Object[] arguments) {
        var now = clock.instant();
        var translated = arguments.clone();
        Instant first = null;
        for (int i = 0; i < translated.length; i++) {
            if (translated[i] instanceof Instant theirs) {
                first = first == null ? theirs : first;
                translated[i] = now.plus(Duration.between(first, theirs));
            }
        }
        return translated;
    }
}
