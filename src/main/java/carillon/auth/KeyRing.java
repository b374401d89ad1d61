package carillon.auth;

import carillon.web.Authenticator;
import carillon.web.Principal;
import java.util.Optional;

/// An authenticator that knows its keys again by what it made of them.
public interface KeyRing extends Authenticator {
    /// What stands for a valid key from now on and does not tell it; empty when the key is not
    /// valid.
    Optional<String> fingerprint(String key);

    /// Whose key it is that has this fingerprint; empty when it is no longer valid, or not of this
    /// ring.
    Optional<Principal> recognise(String fingerprint);
}
