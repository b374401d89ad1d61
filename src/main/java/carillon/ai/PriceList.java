package carillon.ai;

import static java.util.Objects.requireNonNull;

import java.time.LocalDate;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// What models cost that say no prices of their own: by the host where they are asked, since the
/// same name costs something else elsewhere, and by their provider's name for them. `date` is the
/// day on which the prices were true.
public record PriceList(LocalDate date, Map<String, Map<String, Prices>> hosts) {
    public static final PriceList NONE = new PriceList(LocalDate.EPOCH, Map.of());

    /// What providers put after a name to mean one build of the model: a date, or the newest.
    private static final Pattern BUILD =
            Pattern.compile("-(latest|\\d{8}|\\d{4}-\\d{2}-\\d{2}|0\\d{2}|[01]\\d{3})");

    public PriceList {
        requireNonNull(date, "date");
        var copy = new LinkedHashMap<String, Map<String, Prices>>();
        hosts.forEach(
                (host, models) ->
                        copy.put(
                                host.toLowerCase(Locale.ROOT),
                                Collections.unmodifiableMap(new LinkedHashMap<>(models))));
        hosts = Collections.unmodifiableMap(copy);
    }

    /// One price of a list.
    public record Entry(String host, String model, Prices prices) {
        public Entry {
            requireNonNull(host, "host");
            requireNonNull(model, "model");
            requireNonNull(prices, "prices");
        }
    }

    /// All prices, in the order of the list.
    public List<Entry> entries() {
        return hosts.entrySet().stream()
                .flatMap(
                        host ->
                                host.getValue().entrySet().stream()
                                        .map(
                                                model ->
                                                        new Entry(
                                                                host.getKey(),
                                                                model.getKey(),
                                                                model.getValue())))
                .toList();
    }

    /// This list, where `other` does not say something else; with the date of `other`.
    public PriceList overriddenBy(PriceList other) {
        var all = new LinkedHashMap<>(hosts);
        other.hosts.forEach(
                (host, models) -> {
                    var merged = new HashMap<>(all.getOrDefault(host, Map.of()));
                    merged.putAll(models);
                    all.put(host, merged);
                });
        return new PriceList(other.date, all);
    }

    /// What the model costs by this list.
    Optional<Prices> of(Model model) {
        return model.endpoint()
                .map(endpoint -> endpoint.baseUrl().getHost().toLowerCase(Locale.ROOT))
                .flatMap(host -> of(hosts.getOrDefault(host, Map.of()), model.model()));
    }

    private static Optional<Prices> of(Map<String, Prices> models, String name) {
        var exact = Optional.ofNullable(models.get(name));
        return exact.or(
                () ->
                        models.keySet().stream()
                                .filter(name::startsWith)
                                .filter(
                                        known ->
                                                BUILD.matcher(name.substring(known.length()))
                                                        .matches())
                                .map(models::get)
                                .findFirst());
    }
}
