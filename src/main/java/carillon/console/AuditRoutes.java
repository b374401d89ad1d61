package carillon.console;

import carillon.audit.AuditEntry;
import carillon.audit.AuditQuery;
import carillon.audit.AuditTrail;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Route;
import carillon.web.Route.Method;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Who changed what, for administrators.
final class AuditRoutes {
    private static final int ROWS = 50;

    private final AuditTrail trail;

    AuditRoutes(AuditTrail trail) {
        this.trail = trail;
    }

    List<Route> routes() {
        return List.of(
                new Route(Method.GET, "/audit", Permission.ADMINISTER, this::list),
                new Route(Method.GET, "/audit/verify", Permission.ADMINISTER, this::verify));
    }

    private Answer list(Call call) {
        return page(call, Optional.empty());
    }

    private Answer verify(Call call) {
        var verdict =
                switch (trail.verify()) {
                    case AuditTrail.Verdict.Whole(long entries, long newest, var hash) ->
                            new AuditView.Verdict(
                                    true,
                                    "All %s entries follow one another, up to number %d with the"
                                                    .formatted(Words.number(entries), newest)
                                            + " hash "
                                            + hash
                                            + ".");
                    case AuditTrail.Verdict.Broken(long id, var reason) ->
                            new AuditView.Verdict(
                                    false,
                                    "The chain breaks at number " + id + ": " + reason + ".");
                };
        return page(call, Optional.of(verdict));
    }

    private Answer page(Call call, Optional<AuditView.Verdict> verdict) {
        var found = trail.list(query(Inputs.before(call)));
        var shown = found.subList(0, Math.min(ROWS, found.size()));
        var older =
                found.size() > ROWS ? OptionalLong.of(shown.getLast().id()) : OptionalLong.empty();
        var rows = shown.stream().map(AuditRoutes::row).toList();
        return Pages.page(call, "Audit log", "audit.jte", new AuditView(rows, verdict, older));
    }

    private static AuditQuery query(OptionalLong before) {
        return new AuditQuery(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                before,
                ROWS + 1);
    }

    private static AuditView.EntryRow row(AuditEntry entry) {
        var actor = entry.actor();
        var change = entry.change();
        var from =
                Stream.of(actor.api(), actor.address())
                        .filter(text -> !text.isEmpty())
                        .collect(Collectors.joining(", "));
        return new AuditView.EntryRow(
                Words.time(entry.at()),
                actor.name(),
                from,
                change.action(),
                change.name().isEmpty() ? change.target() : change.name(),
                Words.brief(change.detail()));
    }
}
