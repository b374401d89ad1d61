-- Numbers by which some APIs know the steps of workflows. Whether the workflow still has the step is
-- for its definition to say.
CREATE TABLE IF NOT EXISTS step_number (
    id ${long} PRIMARY KEY,
    task_id ${long} NOT NULL
);

CREATE INDEX IF NOT EXISTS step_number_of_task ON step_number (task_id);
