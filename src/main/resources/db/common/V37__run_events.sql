-- What runs of workflows are told from outside. body is JSON, or empty; taken_by is the run of the step
-- that waited for it.
CREATE TABLE IF NOT EXISTS run_event (
    id ${long} PRIMARY KEY,
    run_id ${long} NOT NULL,
    name text NOT NULL,
    body text NOT NULL,
    told_at ${long} NOT NULL,
    taken_by ${long}
);

CREATE INDEX IF NOT EXISTS run_event_of_run ON run_event (run_id, name, id);

CREATE UNIQUE INDEX IF NOT EXISTS run_event_taken ON run_event (taken_by) WHERE taken_by IS NOT NULL;

-- The run of a task that a step calls.
CREATE INDEX IF NOT EXISTS run_of_call ON run (parent, id) WHERE trigger = 'CALL';
