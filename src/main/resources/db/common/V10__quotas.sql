-- What is known of the quotas of models. id is a digest of provider, address, model and API key.
-- said_* are the limits of the model that asked last, learned_* those that the provider named;
-- *_left is what it said is left, and until when that holds. refused_at, paused_until, refusals,
-- slots, threshold and grown come from its refusals. A limit that is NULL does not exist.
CREATE TABLE IF NOT EXISTS quota (
    id text PRIMARY KEY,
    said_requests ${long},
    said_tokens ${long},
    said_calls ${long},
    learned_requests ${long},
    learned_tokens ${long},
    requests_left ${long} NOT NULL,
    requests_left_until ${long} NOT NULL,
    tokens_left ${long} NOT NULL,
    tokens_left_until ${long} NOT NULL,
    refused_at ${long} NOT NULL,
    paused_until ${long} NOT NULL,
    refusals integer NOT NULL,
    slots ${long} NOT NULL,
    threshold ${long} NOT NULL,
    grown ${long} NOT NULL,
    call_millis ${long} NOT NULL,
    used_at ${long} NOT NULL
);

-- What was let go in each second of the last minute; second counts from 1970.
CREATE TABLE IF NOT EXISTS quota_use (
    quota text NOT NULL,
    second ${long} NOT NULL,
    requests ${long} NOT NULL,
    tokens ${long} NOT NULL,
    PRIMARY KEY (quota, second)
);

-- Calls under way. epoch is that of the node's life that makes it, NULL for a call of no run; by
-- over_at it has ended in any case.
CREATE TABLE IF NOT EXISTS quota_call (
    id ${long} PRIMARY KEY,
    quota text NOT NULL,
    epoch ${long},
    over_at ${long} NOT NULL
);

CREATE INDEX IF NOT EXISTS quota_call_of ON quota_call (quota);

-- Runs that wait for their turn. place is the negative priority, due_at when the run was due before
-- it was told to wait: the lowest (place, due_at, run_id) goes first.
CREATE TABLE IF NOT EXISTS quota_wait (
    run_id ${long} PRIMARY KEY,
    quota text NOT NULL,
    place integer NOT NULL,
    due_at ${long} NOT NULL,
    tokens ${long} NOT NULL
);

CREATE INDEX IF NOT EXISTS quota_wait_turn ON quota_wait (quota, place, due_at, run_id);
