-- What is to be brought to somebody after the fact. due_at of a pending one is when it may be tried,
-- or, while node tries it, when that node's time for it is over. payload is NULL where it is made
-- from the owner: for kind PROCESSOR a run.
CREATE TABLE IF NOT EXISTS delivery (
    id ${long} PRIMARY KEY,
    kind text NOT NULL,
    owner ${long} NOT NULL,
    task_id ${long} NOT NULL,
    position integer NOT NULL,
    type text NOT NULL,
    target text NOT NULL,
    payload text,
    state text NOT NULL,
    attempts integer NOT NULL,
    due_at ${long} NOT NULL,
    node text,
    error text NOT NULL DEFAULT '',
    created_at ${long} NOT NULL,
    attempted_at ${long},
    finished_at ${long}
);

-- Ids of owners of all kinds come from one counter.
CREATE INDEX IF NOT EXISTS delivery_of_owner ON delivery (owner, position);

CREATE INDEX IF NOT EXISTS delivery_due ON delivery (due_at) WHERE state = 'PENDING';

-- The SHA-256 of the newest output of each task that has processors.
CREATE TABLE IF NOT EXISTS newest_output (
    task_id ${long} PRIMARY KEY,
    digest text NOT NULL
);

-- What an administrator has set for all processors of a type. settings is JSON, with secrets.
CREATE TABLE IF NOT EXISTS processor_settings (
    type text PRIMARY KEY,
    version integer NOT NULL,
    settings text NOT NULL,
    updated_at ${long} NOT NULL
);
