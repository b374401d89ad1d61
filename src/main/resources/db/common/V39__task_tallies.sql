-- The tasks whose ended runs are counted one by one: those that stand, or once stood, in a list of
-- which that is wanted.
CREATE TABLE IF NOT EXISTS counted_task (
    id ${long} PRIMARY KEY
);

-- How many runs of such a task came to each end, by the day (since 1970, in UTC) on which they did, and
-- in all (day -1), and how long they took together. Only those that failed are told apart by their
-- reason, and by the day. Lanes are as in run_tally. What has been pruned stays counted.
CREATE TABLE IF NOT EXISTS task_tally (
    task_id ${long} NOT NULL,
    day integer NOT NULL,
    state text NOT NULL,
    reason text NOT NULL,
    lane integer NOT NULL,
    runs ${long} NOT NULL,
    millis ${long} NOT NULL,
    PRIMARY KEY (task_id, day, state, reason, lane)
) ${clustered};

-- What models took for such a task, by the day.
CREATE TABLE IF NOT EXISTS task_tokens (
    task_id ${long} NOT NULL,
    day integer NOT NULL,
    lane integer NOT NULL,
    tokens ${long} NOT NULL,
    PRIMARY KEY (task_id, day, lane)
) ${clustered};
