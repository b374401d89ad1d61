package carillon.importer;

import carillon.json.Json;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A `curl` command as an HTTP action, with the timeout and the retries that it asks for. What an
/// HTTP action cannot do is refused in words; what is about curl's own output is passed over.
final class CurlCall {
    /// Switches that say how curl talks to its user or to the network.
    private static final Set<String> WITHOUT_MEANING =
            Set.of(
                    "-s",
                    "--silent",
                    "-S",
                    "--show-error",
                    "-f",
                    "--fail",
                    "--fail-with-body",
                    "--fail-early",
                    "-v",
                    "--verbose",
                    "-i",
                    "--include",
                    "--show-headers",
                    "-#",
                    "--progress-bar",
                    "--no-progress-meter",
                    "-N",
                    "--no-buffer",
                    "-4",
                    "--ipv4",
                    "-6",
                    "--ipv6",
                    "-q",
                    "--disable",
                    "--compressed",
                    "--http1.1",
                    "--http2",
                    "--tcp-nodelay",
                    "--no-keepalive",
                    "--basic",
                    "--retry-connrefused",
                    "--retry-all-errors");

    /// The same, with a value.
    private static final Set<String> WITHOUT_MEANING_BUT_A_VALUE =
            Set.of("-w", "--write-out", "--connect-timeout", "--retry-max-time", "--max-redirs");

    private static final Set<String> WITH_VALUE =
            Set.of(
                    "-X",
                    "--request",
                    "-H",
                    "--header",
                    "-d",
                    "--data",
                    "--data-ascii",
                    "--data-raw",
                    "--data-binary",
                    "--data-urlencode",
                    "--json",
                    "-u",
                    "--user",
                    "-A",
                    "--user-agent",
                    "-e",
                    "--referer",
                    "-b",
                    "--cookie",
                    "-o",
                    "--output",
                    "-m",
                    "--max-time",
                    "--retry",
                    "--retry-delay",
                    "--url",
                    "--oauth2-bearer");

    private static final Map<String, String> REFUSED =
            Map.ofEntries(
                    Map.entry("-k", "does not check the server's certificate"),
                    Map.entry("--insecure", "does not check the server's certificate"),
                    Map.entry("-O", "keeps the answer in a file"),
                    Map.entry("--remote-name", "keeps the answer in a file"),
                    Map.entry("-T", "sends a file"),
                    Map.entry("--upload-file", "sends a file"),
                    Map.entry("-F", "sends a form with parts"),
                    Map.entry("--form", "sends a form with parts"),
                    Map.entry("-x", "goes through a proxy"),
                    Map.entry("--proxy", "goes through a proxy"),
                    Map.entry("-K", "reads its options from a file"),
                    Map.entry("--config", "reads its options from a file"),
                    Map.entry("-n", "reads credentials from a file"),
                    Map.entry("--netrc", "reads credentials from a file"),
                    Map.entry("-c", "keeps cookies in a file"),
                    Map.entry("--cookie-jar", "keeps cookies in a file"),
                    Map.entry("-E", "uses a client certificate"),
                    Map.entry("--cert", "uses a client certificate"),
                    Map.entry("--digest", "signs in with a digest"),
                    Map.entry("--ntlm", "signs in with NTLM"));

    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String JSON = "application/json";
    private static final int MAX_RETRIES = 99;

    private final Optional<String> input;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final List<String> data = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<String> urls = new ArrayList<>();
    private Optional<String> method = Optional.empty();
    private Optional<String> type = Optional.empty();
    private Optional<ObjectNode> auth = Optional.empty();
    private Optional<String> timeout = Optional.empty();
    private Optional<String> retryDelay = Optional.empty();
    private int retries;
    private boolean inQuery;
    private boolean head;

    private CurlCall(Optional<String> input) {
        this.input = input;
    }

    /// Reads the words after `curl`; `input` is what the command gets to read. Throws
    /// [NotImportedException].
    static CurlCall of(List<String> arguments, Optional<String> input) {
        var call = new CurlCall(input);
        call.read(arguments);
        if (call.urls.size() != 1) {
            throw new NotImportedException(
                    call.urls.isEmpty() ? "names no address" : "calls more than one address");
        }
        return call;
    }

    private void read(List<String> arguments) {
        var rest = new ArrayList<>(arguments);
        boolean options = true;
        while (!rest.isEmpty()) {
            var word = rest.removeFirst();
            if (options && word.equals("--")) {
                options = false;
            } else if (!options || word.equals("-") || !word.startsWith("-")) {
                urls.add(word);
            } else if (word.startsWith("--")) {
                option(word, rest);
            } else {
                letters(word, rest);
            }
        }
    }

    /// `-sSXPOST` is `-s -S -X POST`.
    private void letters(String word, List<String> rest) {
        for (int i = 1; i < word.length(); i++) {
            var letter = "-" + word.charAt(i);
            boolean wantsValue =
                    WITH_VALUE.contains(letter) || WITHOUT_MEANING_BUT_A_VALUE.contains(letter);
            if (wantsValue && i + 1 < word.length()) {
                rest.addFirst(word.substring(i + 1));
                option(letter, rest);
                return;
            }
            option(letter, rest);
        }
    }

    private void option(String name, List<String> rest) {
        var refused = Optional.ofNullable(REFUSED.get(name));
        if (refused.isPresent()) {
            throw new NotImportedException(refused.get() + " (" + name + ")");
        }
        if (WITHOUT_MEANING.contains(name)) {
            return;
        }
        if (WITH_VALUE.contains(name) || WITHOUT_MEANING_BUT_A_VALUE.contains(name)) {
            if (rest.isEmpty()) {
                throw new NotImportedException("has no value for " + name);
            }
            value(name, rest.removeFirst());
            return;
        }
        switch (name) {
            case "-G", "--get" -> inQuery = true;
            case "-I", "--head" -> head = true;
            case "-L", "--location", "--location-trusted" ->
                    notes.add("redirects are not followed: a 3xx answer fails the run");
            default -> throw new NotImportedException("uses " + name + ", which is not known here");
        }
    }

    private void value(String name, String value) {
        switch (name) {
            case "-X", "--request" -> method = Optional.of(value.toUpperCase(Locale.ROOT));
            case "-H", "--header" -> header(value);
            case "-d", "--data", "--data-ascii" -> data(lines(value), FORM);
            case "--data-raw" -> data(value, FORM);
            case "--data-binary" -> data(whole(value), FORM);
            case "--data-urlencode" -> data(encoded(value), FORM);
            case "--json" -> data(whole(value), JSON);
            case "-u", "--user" -> user(value);
            case "--oauth2-bearer" ->
                    auth = Optional.of(Json.object().put("type", "bearer").put("token", value));
            case "-A", "--user-agent" -> headers.put("User-Agent", value);
            case "-e", "--referer" -> headers.put("Referer", value);
            case "-b", "--cookie" -> cookie(value);
            case "-o", "--output" -> output(value);
            case "-m", "--max-time" -> timeout = Optional.of(seconds(name, value));
            case "--retry" -> retries = retries(value);
            case "--retry-delay" -> retryDelay = Optional.of(seconds(name, value));
            case "--url" -> urls.add(value);
            default -> {} // Without meaning here.
        }
    }

    private void header(String text) {
        if (text.startsWith("@")) {
            throw new NotImportedException("reads headers from a file");
        }
        int colon = text.indexOf(':');
        if (colon < 0) {
            int end = text.endsWith(";") ? text.length() - 1 : text.length();
            headers.put(text.substring(0, end).strip(), "");
            return;
        }
        var value = text.substring(colon + 1).strip();
        if (!value.isEmpty()) {
            headers.put(text.substring(0, colon).strip(), value);
        }
    }

    private void data(String value, String contentType) {
        data.add(value);
        type = Optional.of(contentType);
    }

    /// `-d` leaves out the line ends of what it reads.
    private String lines(String value) {
        return value.startsWith("@") ? whole(value).replaceAll("[\\r\\n]", "") : value;
    }

    private String whole(String value) {
        if (!value.startsWith("@")) {
            return value;
        }
        if (!value.equals("@-")) {
            throw new NotImportedException("sends a file");
        }
        return input.orElseThrow(() -> new NotImportedException("sends what it reads"));
    }

    private static String encoded(String value) {
        int sign = value.indexOf('=');
        if (value.indexOf('@') >= 0 && (sign < 0 || value.indexOf('@') < sign)) {
            throw new NotImportedException("sends a file");
        }
        var name = sign < 0 ? "" : value.substring(0, sign + (sign == 0 ? 0 : 1));
        var rest = sign < 0 ? value : value.substring(sign + 1);
        return name + URLEncoder.encode(rest, StandardCharsets.UTF_8);
    }

    private void user(String value) {
        int colon = value.indexOf(':');
        if (colon < 0) {
            throw new NotImportedException("asks for a password");
        }
        auth =
                Optional.of(
                        Json.object()
                                .put("type", "basic")
                                .put("username", value.substring(0, colon))
                                .put("password", value.substring(colon + 1)));
    }

    private void cookie(String value) {
        if (!value.contains("=")) {
            throw new NotImportedException("reads cookies from a file");
        }
        headers.put("Cookie", value);
    }

    private static void output(String value) {
        if (!value.equals("/dev/null") && !value.equals("-")) {
            throw new NotImportedException(
                    "writes to a file; Carillon keeps the answer with the run");
        }
    }

    private static String seconds(String name, String value) {
        if (!value.matches("\\d{1,6}(\\.\\d{1,6})?")) {
            throw new NotImportedException("has no number of seconds for " + name);
        }
        var millis = new BigDecimal(value).movePointRight(3).longValue();
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }

    private static int retries(String value) {
        if (!value.matches("\\d{1,4}")) {
            throw new NotImportedException("has no number for --retry");
        }
        return Math.min(Integer.parseInt(value), MAX_RETRIES);
    }

    List<String> notes() {
        return List.copyOf(notes);
    }

    String method() {
        var standard = head ? "HEAD" : data.isEmpty() || inQuery ? "GET" : "POST";
        return method.orElse(standard);
    }

    /// As curl understands an address without a scheme.
    String url() {
        var url = urls.getFirst();
        var whole = url.matches("[A-Za-z][A-Za-z0-9+.-]*://.*") ? url : "http://" + url;
        if (!inQuery || data.isEmpty()) {
            return whole;
        }
        return whole + (whole.contains("?") ? "&" : "?") + String.join("&", data);
    }

    private boolean hasHeader(String name) {
        return headers.keySet().stream().anyMatch(name::equalsIgnoreCase);
    }

    /// Adds `action`, and what policies follow, to a task.
    void putInto(ObjectNode task) {
        var http = task.putObject("action").putObject("http");
        http.put("url", url()).put("method", method());
        boolean hasBody = !data.isEmpty() && !inQuery;
        var sent = new LinkedHashMap<>(headers);
        if (hasBody) {
            var contentType = type.orElse(FORM);
            if (!hasHeader("Content-Type")) {
                sent.put("Content-Type", contentType);
            }
            if (contentType.equals(JSON) && !hasHeader("Accept")) {
                sent.put("Accept", JSON);
            }
            http.put("body", String.join(type.equals(Optional.of(JSON)) ? "" : "&", data));
        }
        if (!sent.isEmpty()) {
            sent.forEach(http.putObject("headers")::put);
        }
        auth.ifPresent(given -> http.set("auth", given));
        timeout.ifPresent(limit -> task.put("timeout", limit));
        if (retries > 0) {
            var retry = task.putObject("retry").put("attempts", retries + 1);
            retryDelay.ifPresent(delay -> retry.put("initial", delay).put("max", delay));
        }
    }
}
