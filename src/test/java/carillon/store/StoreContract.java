package carillon.store;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/// What the contracts of all stores share: a database for the class, empty before each test.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StoreContract {
    private final Fixture fixture;

    StoreContract(Fixture fixture) {
        this.fixture = fixture;
    }

    @BeforeEach
    final void empty() {
        fixture.empty();
    }

    @AfterAll
    final void close() {
        fixture.close();
    }

    final Stores stores() {
        return fixture.stores();
    }

    final Fixture.Time time() {
        return fixture.time();
    }
}
