package carillon.importer;

import carillon.json.Json;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// CronAI's processors, as a processor of a task here.
final class CronAiProcessors {
    private static final Pattern GITHUB =
            Pattern.compile("(issue|comment|pr):([\\w.-]+/[\\w.-]+?)(?:#(\\d+))?");

    private CronAiProcessors() {}

    /// `said` is as `file-/var/log/out.log`, `slack:#general`, `console`.
    static ObjectNode of(String said, String prompt, Map<String, String> hooks) {
        if (said.equals("console")) {
            return processor("console");
        }
        if (said.equals("log-to-file")) {
            return with(processor("file"), "path", "cronai.log");
        }
        int sign = said.indexOf('-');
        int colon = said.indexOf(':');
        int end = sign < 0 ? colon : colon < 0 ? sign : Math.min(sign, colon);
        if (end < 1) {
            throw unknown(said);
        }
        var target = said.substring(end + 1);
        return switch (said.substring(0, end)) {
            case "file" -> with(processor("file"), "path", target.replaceFirst("^/+", ""));
            case "webhook" -> with(processor("webhook"), "url", address(target));
            case "email" -> email(target, prompt);
            case "slack" -> hook("slack", target, hooks);
            case "teams" -> hook("teams", target, hooks);
            case "github" -> github(target);
            default -> throw unknown(said);
        };
    }

    private static NotImportedException unknown(String said) {
        return new NotImportedException("there is no processor '" + Lines.shown(said) + "'");
    }

    private static ObjectNode processor(String type) {
        var processor = Json.object().put("type", type);
        processor.putObject("config");
        return processor;
    }

    private static ObjectNode with(ObjectNode processor, String name, String value) {
        processor.withObject("/config").put(name, value);
        return processor;
    }

    private static ObjectNode comment(ObjectNode processor, String number) {
        processor.withObject("/config").put("issue", Integer.parseInt(number));
        return processor;
    }

    private static String address(String target) {
        if (!target.matches("https?://\\S+")) {
            throw new NotImportedException(
                    "the webhook '"
                            + target
                            + "' has its address in CronAI's environment: write"
                            + " webhook-https://…");
        }
        return target;
    }

    private static ObjectNode email(String target, String prompt) {
        if (!target.contains("@")) {
            throw new NotImportedException("'" + target + "' is no e-mail address");
        }
        return with(with(processor("email"), "to", target), "subject", prompt);
    }

    /// CronAI posts with a token or a hook from its environment; here the hook's address is needed.
    private static ObjectNode hook(String type, String target, Map<String, String> hooks) {
        var url =
                target.matches("https?://\\S+")
                        ? Optional.of(target)
                        : Optional.ofNullable(hooks.get(type));
        return with(
                processor(type),
                "url",
                url.orElseThrow(
                        () ->
                                new NotImportedException(
                                        type
                                                + " needs the address of an incoming webhook:"
                                                + " give it with --"
                                                + type
                                                + "-url")));
    }

    private static ObjectNode github(String target) {
        var parts = GITHUB.matcher(target);
        if (!parts.matches()) {
            throw new NotImportedException(
                    "github needs issue:owner/repository or comment:owner/repository#number");
        }
        var number = Optional.ofNullable(parts.group(3));
        return switch (parts.group(1)) {
            case "issue" -> with(processor("github"), "repository", parts.group(2));
            case "comment" ->
                    comment(
                            with(processor("github"), "repository", parts.group(2)),
                            number.filter(text -> text.length() < 10)
                                    .orElseThrow(
                                            () ->
                                                    new NotImportedException(
                                                            "a comment needs the number of an"
                                                                    + " issue")));
            default -> throw new NotImportedException("pull requests are not made here");
        };
    }
}
