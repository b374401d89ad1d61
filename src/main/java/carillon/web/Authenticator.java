package carillon.web;

import java.util.Optional;

/// Tells who shows a credential: what follows the scheme in the `Authorization` header.
public interface Authenticator {
    /// Who it is; empty when the credential is not valid. Takes as long for a wrong one as for a
    /// right one.
    Optional<Principal> authenticate(String credential);

    /// The same without any costly work: empty also when it would be needed. What is not remembered
    /// counts against the address that tries it before it is looked at.
    default Optional<Principal> remembered(String credential) {
        return authenticate(credential);
    }
}
