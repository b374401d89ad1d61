package carillon.auth;

import java.time.Instant;
import java.util.Optional;

/// Where sign-ins are kept, so that every node knows them. Each method is one transaction.
public interface SignInStore {
    void begin(SignIn signIn);

    Optional<SignIn> find(String digest);

    /// Returns false when there is none.
    boolean end(String digest);

    /// Forgets at most `limit` sign-ins that were over before `before`; returns how many.
    int forget(Instant before, int limit);
}
