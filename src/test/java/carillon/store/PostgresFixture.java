package carillon.store;

/// A new database in the PostgreSQL server that all tests share.
final class PostgresFixture implements Fixture {
    private final Time time = new Time();
    private final StoreSettings.Postgres settings;
    private final Stores stores;

    PostgresFixture() {
        settings = TestPostgres.newDatabase();
        stores = Stores.open(settings, Some.CODEC, Some.LISTS, time);
    }

    /// The same database, as another node sees it.
    Stores openAgain() {
        return Stores.open(settings, Some.CODEC, Some.LISTS, time);
    }

    StoreSettings.Postgres settings() {
        return settings;
    }

    @Override
    public Stores stores() {
        return stores;
    }

    @Override
    public Time time() {
        return time;
    }

    @Override
    public void close() {
        stores.close();
    }
}
