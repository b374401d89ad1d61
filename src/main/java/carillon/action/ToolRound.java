package carillon.action;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.Collectors;

/// A model's answer that asks for tools, and what these brought, one result for each call.
public record ToolRound(String said, List<Call> calls, List<String> results) {
    /// `id` is the provider's; `arguments` is JSON as the model wrote it, or what it took for that.
    public record Call(String id, String name, String arguments) {
        public Call {
            requireNonNull(id, "id");
            requireNonNull(name, "name");
            requireNonNull(arguments, "arguments");
        }
    }

    public ToolRound {
        requireNonNull(said, "said");
        calls = List.copyOf(calls);
        results = List.copyOf(results);
        if (calls.size() != results.size()) {
            throw new IllegalArgumentException(
                    calls.size() + " calls and " + results.size() + " results");
        }
    }

    /// All that is in it.
    String text() {
        return said
                + calls.stream().map(Call::arguments).collect(Collectors.joining())
                + String.join("", results);
    }
}
