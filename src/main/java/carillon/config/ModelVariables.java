package carillon.config;

import carillon.ai.AdministratorModels;
import carillon.ai.AdministratorModels.Grant;
import carillon.ai.Endpoint;
import carillon.ai.Provider;
import carillon.json.HttpRules;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads the variables that providers' own clients read: `OPENAI_API_KEY`, `OPENAI_BASE_URL` and
/// the like. A key is enough; so is an address, for servers that ask for no key.
public final class ModelVariables {
    /// What a provider's variables begin with, and the names of its models. The last takes all
    /// names that are left.
    private record Family(
            String variables, Provider provider, String prefix, Optional<URI> baseUrl) {}

    private static final List<Family> FAMILIES =
            List.of(
                    family("ANTHROPIC", Provider.ANTHROPIC, "claude"),
                    family("GEMINI", Provider.GEMINI, "gemini"),
                    new Family(
                            "CEREBRAS",
                            Provider.OPENAI,
                            "llama",
                            Optional.of(URI.create("https://api.cerebras.ai/v1"))),
                    family("OPENAI", Provider.OPENAI, ""));

    private static Family family(String variables, Provider provider, String prefix) {
        return new Family(variables, provider, prefix, provider.baseUrl());
    }

    private ModelVariables() {}

    /// Hears what is wrong with a variable.
    @FunctionalInterface
    public interface Problems {
        void add(String variable, String message);
    }

    /// A variable that is wrong is as if it were not there, and a problem.
    public static AdministratorModels read(Map<String, String> environment, Problems problems) {
        var grants = new ArrayList<Grant>();
        for (var family : FAMILIES) {
            var key = value(environment, family.variables + "_API_KEY");
            var url = url(environment, family.variables + "_BASE_URL", problems);
            if (key.flatMap(HttpRules::headerValueFault).isPresent()) {
                problems.add(family.variables + "_API_KEY", "has characters that no key may have");
                continue;
            }
            if (key.isPresent() || url.isPresent()) {
                url.or(family::baseUrl)
                        .map(base -> new Endpoint(base, key, Endpoint.Source.ADMINISTRATOR))
                        .map(endpoint -> new Grant(family.provider, family.prefix, endpoint))
                        .ifPresent(grants::add);
            }
        }
        return new AdministratorModels(grants);
    }

    private static Optional<String> value(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name))
                .map(String::strip)
                .filter(text -> !text.isEmpty());
    }

    private static Optional<URI> url(
            Map<String, String> environment, String name, Problems problems) {
        var text = value(environment, name);
        var fault = text.flatMap(HttpRules::urlFault);
        if (fault.isPresent()) {
            problems.add(name, fault.get());
            return Optional.empty();
        }
        return text.map(URI::create);
    }
}
