package carillon.store;

import java.time.InstantSource;

/// What every store stands on. `clock` dates what no caller dates: events, and slots that end as
/// soon as they are planned. `leaseClock` judges the leases of nodes.
record Foundation(
        Database database,
        Ids ids,
        Definitions definitions,
        TaskListings listings,
        InstantSource clock,
        LeaseClock leaseClock) {}
