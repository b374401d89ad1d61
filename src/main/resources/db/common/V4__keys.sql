-- API keys: digest is the HMAC of the key's text, scopes are names of APIs with commas between.
CREATE TABLE IF NOT EXISTS api_key (
    id ${long} PRIMARY KEY,
    name text NOT NULL,
    digest text NOT NULL,
    role text NOT NULL,
    scopes text NOT NULL,
    created_at ${long} NOT NULL,
    created_by text NOT NULL,
    expires_at ${long},
    last_used_at ${long}
);

CREATE UNIQUE INDEX IF NOT EXISTS api_key_name ON api_key (name);

CREATE UNIQUE INDEX IF NOT EXISTS api_key_digest ON api_key (digest);

-- One row: what all nodes make digests with.
CREATE TABLE IF NOT EXISTS key_secret (
    one integer PRIMARY KEY,
    secret text NOT NULL
);
