package carillon.mcp;

import carillon.action.Tool;
import carillon.agent.ToolServer;
import carillon.egress.Egress;
import carillon.perform.Toolbox;
import carillon.run.Lease;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/// The tools of all servers that the administrator has named, each as `NAME__TOOL`.
public final class ToolServers implements Toolbox, AutoCloseable {
    static final String BETWEEN = "__";

    private final List<Connection> connections;

    /// Each is connected when an agent first asks for its tools; those with a URL through `egress`.
    public ToolServers(List<ToolServer> servers, Egress egress, InstantSource time) {
        this(servers, egress, time, Connection.REQUEST);
    }

    /// A call takes at most `patience`.
    ToolServers(List<ToolServer> servers, Egress egress, InstantSource time, Duration patience) {
        connections =
                servers.stream()
                        .map(server -> new Connection(server, egress, time, patience))
                        .toList();
    }

    @Override
    public List<Tool> tools() {
        return connections.stream().flatMap(one -> one.tools().stream()).toList();
    }

    @Override
    public Result use(String tool, ObjectNode arguments, Lease lease) throws InterruptedException {
        for (var connection : connections) {
            if (tool.startsWith(connection.name() + BETWEEN)) {
                var own = tool.substring(connection.name().length() + BETWEEN.length());
                return connection.use(own, arguments);
            }
        }
        return Result.failed("there is no tool '" + tool + "'");
    }

    /// Ends the servers that were started.
    @Override
    public void close() {
        connections.forEach(Connection::close);
    }
}
