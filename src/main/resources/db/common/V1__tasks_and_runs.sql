-- Instants are milliseconds since 1970, enums are their names, definitions are JSON.
-- Every statement can be repeated, so that an interrupted migration just runs again.

-- One row: where the next block of ids and the next epoch of a node begin.
CREATE TABLE IF NOT EXISTS id_block (
    one integer PRIMARY KEY,
    next_id ${long} NOT NULL,
    next_epoch ${long} NOT NULL
);

INSERT INTO id_block (one, next_id, next_epoch) VALUES (1, 1, 1) ON CONFLICT (one) DO NOTHING;

-- look_again_at is when the planner is to look at the task. newest_fire_at is the newest fire time
-- that has a row, pruned_until the fire time up to which rows have been pruned (exclusive).
-- search_text is the name and the description in lower case.
CREATE TABLE IF NOT EXISTS task (
    id ${long} PRIMARY KEY,
    origin text NOT NULL,
    name text NOT NULL,
    search_text text NOT NULL,
    version integer NOT NULL,
    paused boolean NOT NULL,
    planned ${long} NOT NULL,
    next_fire_at ${long},
    look_again_at ${long},
    newest_fire_at ${long},
    pruned_until ${long},
    created_at ${long} NOT NULL,
    updated_at ${long} NOT NULL
);

CREATE INDEX IF NOT EXISTS task_to_look_at ON task (look_again_at)
    WHERE look_again_at IS NOT NULL;

CREATE TABLE IF NOT EXISTS task_version (
    task_id ${long} NOT NULL,
    version integer NOT NULL,
    definition text NOT NULL,
    fires_after ${long} NOT NULL,
    created_at ${long} NOT NULL,
    created_by text NOT NULL,
    rolled_back_from integer,
    PRIMARY KEY (task_id, version)
);

-- The slot ledger. A row whose count is above 1 stands for the fire times from fire_time to
-- last_fire_time. node and epoch name the holder of the newest attempt, and stay when it has ended.
-- A run that waits stands back until the runs of its task before it have ended.
CREATE TABLE IF NOT EXISTS run (
    id ${long} PRIMARY KEY,
    task_id ${long} NOT NULL,
    version integer NOT NULL,
    trigger text NOT NULL,
    fire_time ${long},
    last_fire_time ${long},
    count ${long} NOT NULL DEFAULT 1,
    due_at ${long} NOT NULL,
    priority integer NOT NULL,
    parent ${long},
    state text NOT NULL,
    reason text NOT NULL DEFAULT '',
    attempt integer NOT NULL,
    max_attempts integer NOT NULL,
    rescues integer NOT NULL DEFAULT 0,
    waits boolean NOT NULL DEFAULT FALSE,
    node text,
    epoch ${long},
    started_at ${long},
    attempt_started_at ${long},
    finished_at ${long}
);

-- By fire time first: rows are written in that order, so that the runs of a second land in the same
-- few pages however many tasks they are of. Only the next index is spread out by task.
CREATE UNIQUE INDEX IF NOT EXISTS run_slot ON run (fire_time, task_id)
    WHERE trigger = 'SCHEDULE';

CREATE INDEX IF NOT EXISTS run_of_task ON run (task_id, id);

CREATE INDEX IF NOT EXISTS run_to_claim ON run (priority, due_at)
    WHERE state = 'QUEUED' AND node IS NULL AND NOT waits;

CREATE INDEX IF NOT EXISTS run_waiting ON run (task_id, due_at)
    WHERE state = 'QUEUED' AND waits;

-- Open runs are few: what looks for those of a task goes straight to them, what looks for those of
-- a holder reads them all.
CREATE INDEX IF NOT EXISTS run_open ON run (task_id, epoch, due_at)
    WHERE state IN ('QUEUED', 'RUNNING');

-- Left alone by a run that succeeds.
CREATE INDEX IF NOT EXISTS run_not_succeeded ON run (state, id)
    WHERE state IN ('FAILED', 'CANCELLED', 'SKIPPED', 'MISSED');

-- Attempts that ended and left their run open. The newest attempt stands in the run's own row.
CREATE TABLE IF NOT EXISTS attempt (
    run_id ${long} NOT NULL,
    attempt integer NOT NULL,
    state text NOT NULL,
    reason text NOT NULL,
    node text,
    started_at ${long},
    finished_at ${long},
    PRIMARY KEY (run_id, attempt)
);

CREATE TABLE IF NOT EXISTS output (
    run_id ${long} NOT NULL,
    attempt integer NOT NULL,
    status_code integer,
    content_type text NOT NULL,
    body text NOT NULL,
    cut boolean NOT NULL,
    PRIMARY KEY (run_id, attempt)
);

-- One row for each life of a node. An ended life is never renewed; its row stays until the runs
-- that it held have been rescued.
CREATE TABLE IF NOT EXISTS node (
    epoch ${long} PRIMARY KEY,
    name text NOT NULL,
    started_at ${long} NOT NULL,
    lease_until ${long} NOT NULL,
    ended boolean NOT NULL
);

-- One row holds all events of a transaction as a JSON array; their ids follow that of the row.
CREATE TABLE IF NOT EXISTS event (
    id ${long} PRIMARY KEY,
    count integer NOT NULL,
    at ${long} NOT NULL,
    body text NOT NULL
);
