package carillon.ai;

import static java.util.Objects.requireNonNull;

import carillon.action.Tuning;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// A language model that questions can be put to. `name` is what tasks call it; `model` what its
/// provider calls it. `endpoint` is absent exactly for [Provider#ECHO]; `fallbacks` are names of
/// models that are asked, in this order, when this one fails.
public record Model(
        String name,
        Provider provider,
        String model,
        Optional<Endpoint> endpoint,
        Defaults defaults,
        Terms terms,
        List<String> fallbacks,
        Duration timeout) {
    /// The name that always stands for the built-in provider.
    public static final String ECHO_NAME = "echo";

    public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(2);

    public static final Model ECHO =
            new Model(
                    ECHO_NAME,
                    Provider.ECHO,
                    ECHO_NAME,
                    Optional.empty(),
                    Defaults.NONE,
                    new Terms(Optional.of(Prices.FREE), Limits.NONE),
                    List.of(),
                    DEFAULT_TIMEOUT);

    public Model {
        requireNonNull(name, "name");
        requireNonNull(provider, "provider");
        requireNonNull(model, "model");
        requireNonNull(endpoint, "endpoint");
        requireNonNull(defaults, "defaults");
        requireNonNull(terms, "terms");
        fallbacks = List.copyOf(fallbacks);
        if (endpoint.isEmpty() != (provider == Provider.ECHO)) {
            throw new IllegalArgumentException(provider + " at " + endpoint);
        }
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("a timeout above 0: " + timeout);
        }
    }

    /// What a question and its answer took, by this model's prices.
    public Spending spending(Optional<Tokens> tokens) {
        var cost = tokens.flatMap(counted -> prices().map(each -> each.costNanodollars(counted)));
        return new Spending(tokens, cost.map(OptionalLong::of).orElse(OptionalLong.empty()));
    }

    /// The same model, tuned for one question: what `tuning` says comes before its defaults.
    public Model tuned(Tuning tuning) {
        if (tuning.equals(Tuning.NONE)) {
            return this;
        }
        var tuned =
                new Defaults(
                        tuning.temperature().isPresent()
                                ? tuning.temperature()
                                : defaults.temperature(),
                        tuning.topP().isPresent() ? tuning.topP() : defaults.topP(),
                        tuning.maxTokens().isPresent() ? tuning.maxTokens() : defaults.maxTokens(),
                        defaults.system(),
                        defaults.earlier());
        return new Model(name, provider, model, endpoint, tuned, terms, fallbacks, timeout);
    }

    /// The same model, asked at another place.
    Model at(Endpoint place) {
        return new Model(
                name, provider, model, Optional.of(place), defaults, terms, fallbacks, timeout);
    }

    /// The same model with these prices.
    Model costing(Prices prices) {
        var priced = new Terms(Optional.of(prices), terms.limits());
        return new Model(name, provider, model, endpoint, defaults, priced, fallbacks, timeout);
    }

    /// The same model for questions that are handed in together: OpenAI charges half for them
    /// (<https://platform.openai.com/docs/guides/batch>).
    public Model inBulk() {
        return prices().map(Prices::halved).map(this::costing).orElse(this);
    }

    /// The same model, asked where the administrator says.
    public Model ofAdministrator() {
        return endpoint.map(
                        own ->
                                at(
                                        new Endpoint(
                                                own.baseUrl(),
                                                own.apiKey(),
                                                Endpoint.Source.ADMINISTRATOR)))
                .orElse(this);
    }

    /// The same model, asked with other settings.
    public Model with(Defaults others) {
        return new Model(name, provider, model, endpoint, others, terms, fallbacks, timeout);
    }

    /// Without them the cost of an answer is unknown.
    public Optional<Prices> prices() {
        return terms.prices();
    }
}
