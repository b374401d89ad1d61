-- What models said, one row for each attempt that got an answer. state is WHOLE, CUT or REJECTED;
-- tokens are NULL where the provider did not count them, the cost where the model has no prices.
-- The text is last, so that whoever reads the rest does not read it.
CREATE TABLE IF NOT EXISTS response (
    id integer PRIMARY KEY,
    run_id integer NOT NULL,
    attempt integer NOT NULL,
    task_id integer NOT NULL,
    created_at integer NOT NULL,
    state text NOT NULL,
    model text NOT NULL,
    provider_model text NOT NULL,
    prompt_id integer,
    prompt_version integer,
    input_tokens integer,
    output_tokens integer,
    cost_nanodollars integer,
    latency_ms integer NOT NULL,
    text text NOT NULL
);

CREATE INDEX IF NOT EXISTS response_of_run ON response (run_id);

CREATE INDEX IF NOT EXISTS response_of_task ON response (task_id, id);

CREATE INDEX IF NOT EXISTS response_of_model ON response (model, id);

-- The words of the texts, and nothing else: rowid is the response's id. marks holds a word for the
-- task and one for the model, so that a search among those of a rare one is a short walk too.
CREATE VIRTUAL TABLE IF NOT EXISTS response_words USING fts5(
    text,
    marks,
    content = '',
    contentless_delete = 1,
    tokenize = 'unicode61 remove_diacritics 0'
);

CREATE TRIGGER IF NOT EXISTS response_words_added AFTER INSERT ON response BEGIN
    INSERT INTO response_words (rowid, text, marks)
    VALUES (new.id, substr(new.text, 1, 65536), 't' || new.task_id || ' m' || hex(new.model));
END;

CREATE TRIGGER IF NOT EXISTS response_words_removed AFTER DELETE ON response BEGIN
    DELETE FROM response_words WHERE rowid = old.id;
END;

-- How much each model was used, by the day in UTC (days since 1970). A row for each node, so that
-- no node waits for another.
CREATE TABLE IF NOT EXISTS model_usage (
    model text NOT NULL,
    day integer NOT NULL,
    node text NOT NULL,
    requests integer NOT NULL,
    failures integer NOT NULL,
    input_tokens integer,
    output_tokens integer,
    cost_nanodollars integer,
    PRIMARY KEY (model, day, node)
);
