package carillon.agent;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// A server of tools that the administrator has named, which speaks the Model Context Protocol. Its
/// tools are called `NAME__TOOL`.
public record ToolServer(String name, Way way) {
    public static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,29}");

    public ToolServer {
        requireNonNull(way, "way");
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a name of small letters and digits: " + name);
        }
    }

    /// How it is reached.
    public sealed interface Way {
        /// It is started by this server, and spoken to through its input and output.
        record Command(String program, List<String> arguments, Map<String, String> environment)
                implements Way {
            public Command {
                requireNonNull(program, "program");
                arguments = List.copyOf(arguments);
                environment = Map.copyOf(environment);
            }

            /// Without arguments and environment, which may be secret.
            @Override
            public String toString() {
                return program;
            }
        }

        /// It is spoken to over HTTP, as streams.
        record Remote(URI url) implements Way {
            public Remote {
                requireNonNull(url, "url");
            }
        }
    }
}
