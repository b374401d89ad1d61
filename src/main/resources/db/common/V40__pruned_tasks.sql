-- The fire time up to which rows of a task have been pruned (exclusive); the later of this and
-- task.pruned_until, which nodes of earlier versions go on writing. By itself, since whoever plans a
-- task holds its row.
CREATE TABLE IF NOT EXISTS pruned_task (
    task_id ${long} PRIMARY KEY,
    until ${long} NOT NULL
);
