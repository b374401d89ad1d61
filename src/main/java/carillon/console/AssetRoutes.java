package carillon.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Refusal;
import carillon.web.RefusedException;
import carillon.web.Route;
import carillon.web.Route.Method;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The files that the pages need, all in the jar and open to everybody. Their address changes when
/// one of them does, so that browsers may keep them.
final class AssetRoutes {
    private static final String WEBJARS = "/META-INF/resources/webjars/";

    /// A file: what it is, and what it says.
    private record Asset(String type, String text) {}

    private static final Map<String, Asset> FILES =
            Map.of(
                    "htmx.js",
                    script(WEBJARS + "htmx.org/2.0.4/dist/htmx.min.js"),
                    "sse.js",
                    script(WEBJARS + "htmx-ext-sse/2.2.2/sse.js"),
                    "uplot.js",
                    script(WEBJARS + "uplot/1.6.30/dist/uPlot.iife.min.js"),
                    "uplot.css",
                    style(WEBJARS + "uplot/1.6.30/dist/uPlot.min.css"),
                    "console.js",
                    script("/console/console.js"),
                    "console.css",
                    style("/console/console.css"),
                    "bell.svg",
                    read("/console/bell.svg", "image/svg+xml"));

    /// The path of the files, from the root.
    static final String PATH = ConsoleApi.PREFIX + "/assets/" + digest();

    private static final Map<String, String> KEPT =
            Map.of("Cache-Control", "public, max-age=31536000, immutable");

    List<Route> routes() {
        return List.of(
                new Route(Method.GET, "/assets/{digest}/{file}", Permission.NONE, this::file));
    }

    private Answer file(Call call) {
        var asset =
                Optional.ofNullable(FILES.get(call.path("file")))
                        .filter(_ -> PATH.endsWith("/" + call.path("digest")))
                        .orElseThrow(
                                () ->
                                        new RefusedException(
                                                Refusal.of(
                                                        Refusal.Kind.NOT_FOUND,
                                                        "There is nothing at this path.")));
        return new Answer(200, asset.text(), asset.type(), KEPT);
    }

    private static Asset script(String path) {
        return read(path, "text/javascript; charset=utf-8");
    }

    private static Asset style(String path) {
        return read(path, "text/css; charset=utf-8");
    }

    private static Asset read(String path, String type) {
        try (var in = AssetRoutes.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("not in the jar: " + path);
            }
            return new Asset(type, new String(in.readAllBytes(), UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + path, e);
        }
    }

    private static String digest() {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            new TreeMap<>(FILES)
                    .values()
                    .forEach(asset -> sha256.update(asset.text().getBytes(UTF_8)));
            return HexFormat.of().formatHex(sha256.digest()).substring(0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
