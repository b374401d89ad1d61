package carillon;

import carillon.ai.AdministratorModels;
import carillon.config.HostPort;
import carillon.config.Settings;
import carillon.egress.AllowList;
import carillon.egress.EgressSettings;
import carillon.engine.Engine;
import carillon.engine.Pruner;
import carillon.store.StoreSettings;
import carillon.web.TlsFiles;
import carillon.web.WebSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Makes the plan of a server from what a person has said.
final class Plans {
    private Plans() {}

    /// The server that the administrator has set up.
    static Server.Plan of(Settings settings) {
        var storage = settings.storage();
        return new Server.Plan(
                new Server.Home(storage.data(), storage.secretKey()),
                store(storage),
                web(settings),
                new Server.Reach(
                        egress(settings.egressAllow(), ports(settings.listening())),
                        settings.models(),
                        settings.storage().filesRoot(),
                        settings.asking().toolServers()),
                settings.chronosUsers(),
                settings.node().id(),
                settings.node().timeZone(),
                work(settings));
    }

    /// A server to look at: on loopback, with SQLite, allowed to call loopback and to write in
    /// `files`.
    static Server.Plan demo(Path data, Path files, int port, AdministratorModels models) {
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
                new Server.Reach(
                        egress(AllowList.of(List.of("127.0.0.1")), Set.of(port)),
                        models,
                        Optional.of(files)),
                Map.of(),
                "demo",
                ZoneOffset.UTC,
                Server.Work.DEFAULT);
    }

    private static StoreSettings store(Settings.Storage storage) {
        if (storage.database().isEmpty()) {
            return new StoreSettings.Sqlite(storage.data(), StoreSettings.Sqlite.DEFAULT_RESERVE);
        }
        var database = storage.database().get();
        return new StoreSettings.Postgres(
                database.url(),
                database.user().orElse(""),
                database.password().orElse(""),
                StoreSettings.Postgres.DEFAULT_POOL_SIZE,
                database.direct());
    }

    private static WebSettings web(Settings settings) {
        var own = new HashMap<String, InetSocketAddress>();
        settings.listening().own().forEach((api, address) -> own.put(api, address(address)));
        var limit = settings.rateLimit();
        return new WebSettings(
                address(settings.listening().main()),
                own,
                limit.enabled() ? OptionalInt.of(limit.perMinute()) : OptionalInt.empty(),
                WebSettings.Limits.DEFAULT,
                settings.listening().tls().map(tls -> new TlsFiles(tls.certificate(), tls.key())));
    }

    private static InetSocketAddress address(HostPort address) {
        return new InetSocketAddress(address.host(), address.port());
    }

    private static Set<Integer> ports(Settings.Listening listening) {
        var ports = new HashSet<Integer>();
        ports.add(listening.main().port());
        listening.own().values().forEach(address -> ports.add(address.port()));
        return ports;
    }

    private static EgressSettings egress(AllowList allow, Set<Integer> ownPorts) {
        return new EgressSettings(
                allow, ownPorts, EgressSettings.DEFAULT_MAX_PER_TARGET, "Carillon/" + Version.TEXT);
    }

    private static Server.Work work(Settings settings) {
        var defaults = Engine.Limits.DEFAULT;
        var limits =
                new Engine.Limits(
                        settings.node().maxRunning(), defaults.maxLeased(), defaults.leaseTime());
        var retention = settings.retention();
        return new Server.Work(
                limits, new Pruner.Retention(Duration.ofDays(retention.days()), retention.runs()));
    }
}
