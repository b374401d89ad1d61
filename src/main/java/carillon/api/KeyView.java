package carillon.api;

import carillon.auth.Key;
import carillon.json.Fields;
import carillon.json.Json;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// A key in JSON, without its text.
final class KeyView {
    private KeyView() {}

    static ObjectNode of(Key key) {
        var view =
                Json.object()
                        .put("id", key.id())
                        .put("name", key.name())
                        .put("role", Fields.word(key.role()));
        var scopes = view.putArray("scopes");
        key.scopes().stream().sorted().forEach(scopes::add);
        view.put("created_at", key.createdAt().toString()).put("created_by", key.createdBy());
        TaskView.putInstant(view, "expires_at", key.expiresAt());
        TaskView.putInstant(view, "last_used_at", key.lastUsedAt());
        return view;
    }
}
