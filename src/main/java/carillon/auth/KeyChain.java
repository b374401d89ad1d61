package carillon.auth;

import carillon.web.Authenticator;
import carillon.web.Principal;
import java.util.List;
import java.util.Optional;

/// Several authenticators as one: the first that knows a credential says whose it is.
public record KeyChain(List<Authenticator> links) implements Authenticator {
    public KeyChain {
        links = List.copyOf(links);
    }

    @Override
    public Optional<Principal> authenticate(String credential) {
        return links.stream().flatMap(link -> link.authenticate(credential).stream()).findFirst();
    }
}
