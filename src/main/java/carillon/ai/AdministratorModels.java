package carillon.ai;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The models that need not be made, since the administrator has given a key or an address for
/// their provider, and the built-in one. `configured` are models with names of their own in the
/// configuration; `prices` what models cost that say no prices.
public record AdministratorModels(List<Grant> grants, List<Model> configured, PriceList prices)
        implements ModelSource {
    public static final AdministratorModels NONE = new AdministratorModels(List.of());

    /// Every model whose name begins with `prefix` is the provider's at that endpoint.
    public record Grant(Provider provider, String prefix, Endpoint endpoint) {
        public Grant {
            requireNonNull(provider, "provider");
            requireNonNull(prefix, "prefix");
            requireNonNull(endpoint, "endpoint");
        }
    }

    public AdministratorModels {
        grants = List.copyOf(grants);
        configured = List.copyOf(configured);
        requireNonNull(prices, "prices");
    }

    /// Without models and prices in the configuration.
    public AdministratorModels(List<Grant> grants) {
        this(grants, List.of(), PriceList.NONE);
    }

    /// The model of this name in the configuration, as it stands there.
    public Optional<Model> configured(String name) {
        return configured.stream().filter(model -> model.name().equals(name)).findFirst();
    }

    /// The configured model, or else that of the first grant, in their order, whose prefix fits.
    @Override
    public Optional<Model> find(String name) {
        if (name.equals(Model.ECHO_NAME)) {
            return Optional.of(Model.ECHO);
        }
        return configured(name)
                .map(this::complete)
                .or(
                        () ->
                                grants.stream()
                                        .filter(grant -> name.startsWith(grant.prefix))
                                        .findFirst()
                                        .map(grant -> model(name, grant)));
    }

    private static Model model(String name, Grant grant) {
        return new Model(
                name,
                grant.provider,
                name,
                Optional.of(grant.endpoint),
                Defaults.NONE,
                Terms.UNKNOWN,
                List.of(),
                Model.DEFAULT_TIMEOUT);
    }

    /// The model, asked with the administrator's key, and where that is for, when it brings no key
    /// and no address of its own.
    Model complete(Model model) {
        boolean bare =
                model.endpoint().stream()
                        .anyMatch(
                                own ->
                                        own.apiKey().isEmpty()
                                                && model.provider().isAt(own.baseUrl()));
        var grant =
                grants.stream()
                        .filter(one -> bare && one.provider == model.provider())
                        .filter(one -> model.model().startsWith(one.prefix))
                        .findFirst();
        return grant.map(one -> model.at(one.endpoint)).orElse(model);
    }

    /// The hosts that the administrator has named, as they stand in URLs.
    public List<String> hosts() {
        return Stream.concat(
                        grants.stream().map(Grant::endpoint),
                        configured.stream().map(Model::endpoint).flatMap(Optional::stream))
                .map(endpoint -> endpoint.baseUrl().getHost())
                .distinct()
                .toList();
    }
}
