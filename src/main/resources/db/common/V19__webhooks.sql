-- Subscriptions: whose URL is told which events. Names of events are separated by spaces; secrets are
-- sealed. seen is the newest event of the log that has been looked at for it: what is to be told of
-- later ones is written in the transaction that moves it on. failures counts the tries since
-- failing_since that went wrong, with none between them that went well.
CREATE TABLE IF NOT EXISTS webhook (
    id ${long} PRIMARY KEY,
    version integer NOT NULL,
    origin text NOT NULL,
    url text NOT NULL,
    description text NOT NULL,
    events text NOT NULL,
    secret text NOT NULL,
    old_secret text,
    old_secret_until ${long},
    active boolean NOT NULL,
    reason text NOT NULL,
    seen ${long} NOT NULL,
    failing_since ${long},
    failures integer NOT NULL,
    created_at ${long} NOT NULL,
    updated_at ${long} NOT NULL
);

-- What is told once, although the log can have several events of it.
CREATE TABLE IF NOT EXISTS webhook_told (
    webhook_id ${long} NOT NULL,
    occurrence text NOT NULL,
    told_at ${long} NOT NULL,
    PRIMARY KEY (webhook_id, occurrence)
) ${clustered};

CREATE INDEX IF NOT EXISTS webhook_told_at ON webhook_told (told_at);

-- The tries of deliveries of kind WEBHOOK. status is NULL where there was no answer.
CREATE TABLE IF NOT EXISTS webhook_try (
    delivery_id ${long} NOT NULL,
    attempt integer NOT NULL,
    begun_at ${long} NOT NULL,
    took_ms ${long} NOT NULL,
    status integer,
    response text NOT NULL,
    error text NOT NULL,
    PRIMARY KEY (delivery_id, attempt)
) ${clustered};

-- Those of a subscription, newest first, and those that are old.
CREATE INDEX IF NOT EXISTS delivery_of_webhook ON delivery (owner, id) WHERE kind = 'WEBHOOK';
