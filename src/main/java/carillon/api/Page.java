package carillon.api;

import carillon.json.Json;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/// A part of a list: `{"data":[…],"next_cursor":…}`, the cursor being `null` on the last page.
final class Page {
    private Page() {}

    /// `found` holds one item more than `limit` when there is a next page; `position` is what the
    /// cursor says of the last item shown.
    static <T> ObjectNode of(
            List<T> found, int limit, ToLongFunction<T> position, Function<T, ObjectNode> view) {
        var shown = found.size() > limit ? found.subList(0, limit) : found;
        var page = whole(shown.stream().map(view).toList());
        if (found.size() > limit) {
            page.put("next_cursor", Parameters.cursor(position.applyAsLong(shown.getLast())));
        }
        return page;
    }

    /// The same, where the items to be shown have been made into `views` together.
    static <T> ObjectNode of(List<T> found, List<ObjectNode> views, ToLongFunction<T> position) {
        var page = whole(views);
        if (found.size() > views.size()) {
            var last = found.get(views.size() - 1);
            page.put("next_cursor", Parameters.cursor(position.applyAsLong(last)));
        }
        return page;
    }

    /// A list that has one page.
    static ObjectNode whole(List<ObjectNode> items) {
        var page = Json.object();
        page.putArray("data").addAll(items);
        page.putNull("next_cursor");
        return page;
    }
}
