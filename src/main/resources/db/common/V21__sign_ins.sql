-- Sign-ins of browsers: digest is that of the token in the cookie, fingerprint stands for the key
-- that the sign-in was begun with.
CREATE TABLE IF NOT EXISTS sign_in (
    digest text NOT NULL PRIMARY KEY,
    fingerprint text NOT NULL,
    name text NOT NULL,
    begun_at ${long} NOT NULL,
    until_at ${long} NOT NULL
);

CREATE INDEX IF NOT EXISTS sign_in_until ON sign_in (until_at);
