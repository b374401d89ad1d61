-- Runs that other runs see to. step is the step of a workflow whose run it is, by its place and, after
-- a colon, its pass; such a run is no run of its task by itself. run_input is what a run was given, as JSON.
CREATE UNIQUE INDEX IF NOT EXISTS run_step ON run (parent, step) WHERE step IS NOT NULL;

-- A run of a batch has one run for each task of the batch.
CREATE UNIQUE INDEX IF NOT EXISTS run_of_batch ON run (parent, task_id) WHERE trigger = 'BATCH';

-- Runs of tasks are looked for without their steps, which can be ten thousand to one.
DROP INDEX IF EXISTS run_of_task;

CREATE INDEX IF NOT EXISTS run_of_task ON run (task_id, id) WHERE step IS NULL;

CREATE INDEX IF NOT EXISTS run_step_of_task ON run (task_id, id) WHERE step IS NOT NULL;

CREATE TABLE IF NOT EXISTS run_input (
    run_id ${long} PRIMARY KEY,
    body text NOT NULL
);
