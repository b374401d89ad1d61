package carillon.config;

import carillon.ai.PriceList;
import carillon.ai.Prices;
import carillon.json.Fields;
import carillon.json.ModelJson;
import carillon.json.Problems;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A list of prices in YAML: `{date, hosts: {HOST: {MODEL: {input, output}}}}`, in dollars for a
/// million tokens.
public final class PriceFile {
    private static final int MAX_DATE_LENGTH = 20;
    private static final YAMLMapper YAML =
            YAMLMapper.builder(
                            YAMLFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .build();

    private PriceFile() {}

    /// The list that comes with the program.
    public static PriceList shipped() {
        try (var file = PriceFile.class.getResourceAsStream("/prices.yaml")) {
            var problems = new Problems();
            return read(new String(file.readAllBytes(), StandardCharsets.UTF_8), problems)
                    .orElseThrow(() -> new IllegalStateException("prices.yaml: " + problems));
        } catch (IOException e) {
            throw new UncheckedIOException("reading the prices of the jar", e);
        }
    }

    /// Empty exactly when something was added to `problems`.
    static Optional<PriceList> read(String text, Problems problems) {
        JsonNode file;
        try {
            file = YAML.readTree(text);
        } catch (JsonProcessingException e) {
            var place = e.getLocation();
            problems.add(
                    place == null ? "" : "line " + place.getLineNr(),
                    "is no YAML: " + e.getOriginalMessage().lines().findFirst().orElse(""));
            return Optional.empty();
        }
        int before = problems.count();
        return Fields.of(file, "", problems)
                .map(PriceFile::list)
                .filter(_ -> problems.count() == before);
    }

    private static PriceList list(Fields file) {
        var date = date(file);
        var hosts = new LinkedHashMap<String, Map<String, Prices>>();
        for (var host : entries(file, "hosts").entrySet()) {
            var path = file.path("hosts." + host.getKey());
            hosts.put(host.getKey(), models(host.getValue(), path, file.problems()));
        }
        file.done();
        return new PriceList(date, hosts);
    }

    private static LocalDate date(Fields file) {
        var text = file.requiredText("date", MAX_DATE_LENGTH);
        try {
            return text.map(LocalDate::parse).orElse(LocalDate.EPOCH);
        } catch (DateTimeException _) {
            file.problem("date", "must be a date such as 2026-06-30");
            return LocalDate.EPOCH;
        }
    }

    /// The fields of an object that must be there.
    private static Map<String, JsonNode> entries(Fields parent, String name) {
        var entries = new LinkedHashMap<String, JsonNode>();
        var value = parent.raw(name);
        if (value.isEmpty() || !value.get().isObject()) {
            parent.problem(name, "must be a map");
        }
        value.ifPresent(
                node -> node.properties().forEach(e -> entries.put(e.getKey(), e.getValue())));
        return entries;
    }

    private static Map<String, Prices> models(JsonNode host, String path, Problems problems) {
        var models = new LinkedHashMap<String, Prices>();
        if (!host.isObject()) {
            problems.add(path, "must be a map of models with their prices");
        }
        for (var model : host.properties()) {
            Fields.of(model.getValue(), path + "." + model.getKey(), problems)
                    .flatMap(ModelJson::readPrices)
                    .ifPresent(prices -> models.put(model.getKey(), prices));
        }
        return models;
    }
}
