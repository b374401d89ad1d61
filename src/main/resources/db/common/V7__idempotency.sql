-- What clients' idempotency keys stand for. A row is written before the request has any effect;
-- status is NULL until there is an answer, and body is NULL where it was not fit to be kept. headers
-- are lines of name, colon, space and value.
CREATE TABLE IF NOT EXISTS idempotency (
    principal text NOT NULL,
    key text NOT NULL,
    fingerprint text NOT NULL,
    created_at ${long} NOT NULL,
    status integer,
    content_type text,
    headers text,
    body text,
    PRIMARY KEY (principal, key)
);

CREATE INDEX IF NOT EXISTS idempotency_by_age ON idempotency (created_at);
