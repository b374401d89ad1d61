package carillon;

import carillon.egress.AllowList;
import carillon.egress.EgressSettings;
import carillon.store.StoreSettings;
import carillon.web.WebSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/// Makes the plan of a server from what a person has said.
final class Plans {
    private Plans() {}

    /// A server to look at: on loopback, with SQLite, allowed to call loopback.
    static Server.Plan demo(Path data, int port) {
        var web =
                new WebSettings(
                        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port),
                        Map.of(),
                        OptionalInt.empty(),
                        WebSettings.Limits.DEFAULT);
        return new Server.Plan(
                data,
                new StoreSettings.Sqlite(data),
                web,
                egress(AllowList.of(List.of("127.0.0.1")), port),
                Map.of(),
                "demo",
                ZoneOffset.UTC,
                Server.Work.DEFAULT);
    }

    private static EgressSettings egress(AllowList allow, int port) {
        return new EgressSettings(
                allow,
                Set.of(port),
                EgressSettings.DEFAULT_MAX_PER_TARGET,
                "Carillon/" + Version.TEXT);
    }
}
