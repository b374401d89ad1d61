-- One row: a text that only the key of the stored secrets opens.
CREATE TABLE IF NOT EXISTS secret_canary (
    one integer PRIMARY KEY,
    sealed text NOT NULL
);
