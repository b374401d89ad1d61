package carillon.bench;

import static java.util.Objects.requireNonNull;

import carillon.store.StoreSettings;
import java.time.InstantSource;

/// Where a bench keeps its rows.
public record Place(StoreSettings settings, InstantSource time) {
    public Place {
        requireNonNull(settings, "settings");
        requireNonNull(time, "time");
    }

    String database() {
        return switch (settings) {
            case StoreSettings.Sqlite _ -> "sqlite";
            case StoreSettings.Postgres _ -> "postgresql";
        };
    }

    Rig open() {
        return new Rig(settings, time, "bench");
    }

    /// The same for another node, in a place that nodes can share.
    Rig openNode(int number) {
        return new Rig(settings, time, "bench-" + number);
    }
}
