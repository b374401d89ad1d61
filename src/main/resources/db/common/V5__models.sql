-- Language models that were made through the API. definition is JSON, with the key.
CREATE TABLE IF NOT EXISTS model (
    id ${long} PRIMARY KEY,
    name text NOT NULL,
    version integer NOT NULL,
    definition text NOT NULL,
    created_at ${long} NOT NULL,
    updated_at ${long} NOT NULL
);

CREATE UNIQUE INDEX IF NOT EXISTS model_name ON model (name);
