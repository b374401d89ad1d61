package carillon.engine;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.random.RandomGenerator;

/// Makes a store fail now and then: before it did anything, or after it committed, when only the
/// answer is lost. Which, the dice decide.
final class FaultyStore {
    private final RandomGenerator dice;
    private double rate;

    FaultyStore(RandomGenerator dice) {
        this.dice = dice;
    }

    /// The part of the calls that fail, 0 to 1.
    void rate(double wanted) {
        rate = wanted;
    }

    <T> T wrap(Class<T> type, T store) {
        var proxy =
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (_, method, arguments) -> {
                            boolean fails = dice.nextDouble() < rate;
                            boolean before = fails && dice.nextBoolean();
                            if (before) {
                                throw new FaultException("before " + method.getName());
                            }
                            try {
                                var answer = method.invoke(store, arguments);
                                if (fails) {
                                    throw new FaultException("after " + method.getName());
                                }
                                return answer;
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
        return type.cast(proxy);
    }

    /// A fault that the simulation made.
    static final class FaultException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        FaultException(String when) {
            super("simulated fault " + when);
        }
    }
}
