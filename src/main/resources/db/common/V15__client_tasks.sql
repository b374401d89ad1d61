-- What clients call tasks in their API. batch names the batch that a task belongs to; once_key and
-- fingerprint tell whether a request was sent before.
CREATE TABLE IF NOT EXISTS client_task (
    api text NOT NULL,
    client_id text NOT NULL,
    task_id ${long} NOT NULL,
    batch text,
    once_key text,
    fingerprint text NOT NULL,
    PRIMARY KEY (api, client_id)
) ${clustered};

CREATE UNIQUE INDEX IF NOT EXISTS client_task_once ON client_task (api, once_key)
    WHERE once_key IS NOT NULL;

CREATE UNIQUE INDEX IF NOT EXISTS client_task_of_task ON client_task (task_id, api);

CREATE INDEX IF NOT EXISTS client_task_of_batch ON client_task (api, batch, task_id)
    WHERE batch IS NOT NULL;

-- How runs that put a prompt to a model ended: by the minute (since 1970), and in all (minute -1). A
-- row for each node, so that no node waits for another. millis is the time of their last attempts.
CREATE TABLE IF NOT EXISTS prompt_end (
    minute ${long} NOT NULL,
    model text NOT NULL,
    node text NOT NULL,
    completed ${long} NOT NULL,
    failed ${long} NOT NULL,
    millis ${long} NOT NULL,
    PRIMARY KEY (minute, model, node)
) ${clustered};
