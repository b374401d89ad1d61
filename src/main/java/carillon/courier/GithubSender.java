package carillon.courier;

import carillon.json.Json;
import carillon.outbox.Carried;
import carillon.processor.ProcessorType;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/// Opens an issue, or comments on the one that the task names.
final class GithubSender implements Sender {
    private static final int MAX_BODY = 60_000;
    private static final int MAX_TITLE = 250;

    private final Posting posting;

    GithubSender(Posting posting) {
        this.posting = posting;
    }

    @Override
    public Carried send(Parcel parcel) throws InterruptedException {
        var token = parcel.settings().value("token");
        if (token.isEmpty()) {
            return new Carried.Failed(
                    "no token is set in /processors/github/config", Optional.empty());
        }
        var body = Json.object();
        var issue = parcel.optionalConfig("issue");
        if (issue.isEmpty()) {
            var title = parcel.optionalConfig("title").orElse(ProcessorType.DEFAULT_TITLE);
            body.put("title", parcel.line(title, MAX_TITLE));
        }
        body.put("body", Parcel.cut(parcel.text(), MAX_BODY));
        return posting.post(url(parcel, issue), headers(token.get()), Json.write(body));
    }

    private static URI url(Parcel parcel, Optional<String> issue) {
        var base = parcel.settings().value("base_url").orElseThrow().replaceFirst("/+$", "");
        var issues = base + "/repos/" + parcel.config("repository") + "/issues";
        return URI.create(issue.map(number -> issues + "/" + number + "/comments").orElse(issues));
    }

    private static Map<String, String> headers(String token) {
        return Map.of(
                "Content-Type", "application/json",
                "Accept", "application/vnd.github+json",
                "X-GitHub-Api-Version", "2022-11-28",
                "Authorization", "Bearer " + token);
    }
}
