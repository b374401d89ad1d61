package carillon.processor;

import carillon.task.ProcessorUse;
import java.net.URI;
import java.util.Optional;

/// Where a processor sends to, for people: without what may be a secret.
public final class Target {
    private Target() {}

    public static String of(ProcessorUse use) {
        var type = ProcessorType.of(use.type());
        return type.isEmpty() ? use.type() : of(type.get(), use);
    }

    private static String of(ProcessorType type, ProcessorUse use) {
        return switch (type) {
            case CONSOLE -> "log";
            case FILE -> get(use, "path");
            case WEBHOOK -> url(get(use, "url"), true);
            case SLACK, TEAMS -> url(get(use, "url"), false);
            case EMAIL -> get(use, "to");
            case GITHUB ->
                    get(use, "repository")
                            + Optional.ofNullable(use.config().get("issue"))
                                    .map(number -> "#" + number)
                                    .orElse("");
        };
    }

    private static String get(ProcessorUse use, String name) {
        return use.config().getOrDefault(name, "");
    }

    /// The server, and its path where that is no secret.
    private static String url(String text, boolean withPath) {
        try {
            var url = URI.create(text);
            var server =
                    url.getScheme()
                            + "://"
                            + url.getHost()
                            + (url.getPort() < 0 ? "" : ":" + url.getPort());
            return withPath ? server + url.getRawPath() : server + "/***";
        } catch (IllegalArgumentException _) {
            return "***"; // Not from us, and not shown.
        }
    }
}
