-- The lists that have been filled, each with the revision of the rule that it was filled by.
CREATE TABLE IF NOT EXISTS task_list (
    name text PRIMARY KEY,
    revision integer NOT NULL
);

-- In which of them a task stands. paused is as in task, so that a list is paged and counted here.
CREATE TABLE IF NOT EXISTS task_listing (
    list text NOT NULL,
    task_id ${long} NOT NULL,
    paused boolean NOT NULL,
    PRIMARY KEY (list, task_id)
) ${clustered};

CREATE INDEX IF NOT EXISTS task_listing_paused ON task_listing (list, paused, task_id)
    WHERE paused = TRUE;
